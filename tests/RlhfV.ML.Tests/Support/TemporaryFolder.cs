namespace RlhfV.ML.Tests;

/// <summary>A folder that goes away after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"rlhfv-ml-{Guid.NewGuid():N}");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string CopyModel(string name)
    {
        Directory.CreateDirectory(this[name]);
        foreach (string file in Directory.EnumerateFiles(TinyModel.Folder))
            File.Copy(file, System.IO.Path.Combine(this[name], System.IO.Path.GetFileName(file)));
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
