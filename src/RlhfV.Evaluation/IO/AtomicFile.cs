namespace RlhfV.Evaluation;

/// <summary>Writes a file under a temporary name beside its target and moves it there, so that nobody ever sees half of it.</summary>
internal static class AtomicFile
{
    /// <summary>Writes text as UTF-8 without a byte order mark; missing folders are made.</summary>
    public static void Write(string path, Action<TextWriter> write)
    {
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)!; // A full path of a file always has a folder.
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var writer = new StreamWriter(temporary) { NewLine = "\n" })
            {
                write(writer);
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
