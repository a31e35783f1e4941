namespace RlhfV.Models.Tests.Checkpoints;

/// <summary>A folder that is gone when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("rlhfv-checkpoint-test-").FullName;

    public string[] FileNames => [.. Directory.GetFileSystemEntries(Root).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public string At(string name) => Path.Combine(Root, name);

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = At(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string name, string text)
    {
        string path = At(name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
