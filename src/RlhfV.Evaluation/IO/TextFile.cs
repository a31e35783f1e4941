using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>Writes text files whole or not at all.</summary>
internal static class TextFile
{
    /// <summary>Writes text as UTF-8 without a byte order mark; missing folders are made.</summary>
    public static void Write(string path, Action<TextWriter> write)
    {
        string target = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!); // A full path of a file always has a folder.
        AtomicFile.Write(target, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            write(writer);
        });
    }
}
