namespace RlhfV;

/// <summary>Where a path leads. Compiled into every package that reads files which data or messages name.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The path without links. Any part of a path may be a link and lead elsewhere, not only the last; what is not there stays as it is written.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="IOException">Links go in a circle.</exception>
    public static string Of(string path)
    {
        string real = Path.GetPathRoot(path)!;
        var left = new Stack<string>(PartsFromTheEnd(path));
        int links = 0;
        while (left.TryPop(out string? part))
        {
            string next = Path.GetFullPath(part, real);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"'{path}' goes through more than {MaxLinks} links; expected a path without a circle.");
            real = Path.IsPathRooted(target) ? Path.GetPathRoot(Path.GetFullPath(target, real))! : real;
            foreach (string step in PartsFromTheEnd(target))
                left.Push(step);
        }

        return real;
    }

    private static IEnumerable<string> PartsFromTheEnd(string path) =>
        path[Path.GetPathRoot(path)!.Length..].Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
