using Microsoft.Extensions.AI;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>Pictures that messages name by file, from one folder only: an address may come from whoever writes the messages.</summary>
internal static class ImageFiles
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>Reads a picture.</summary>
    /// <param name="address">A <c>file:</c> address.</param>
    /// <param name="folder">The folder that may be read.</param>
    /// <param name="maxBytes">Most bytes.</param>
    /// <param name="where">What messages call the content.</param>
    /// <exception cref="NotSupportedException">The file lies elsewhere.</exception>
    /// <exception cref="ImageLimitException">The file is too large.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read, or links go in a circle.</exception>
    public static DataContent Read(Uri address, string folder, long maxBytes, string where)
    {
        string root = WithoutLinks(Path.GetFullPath(folder));
        string path = Path.GetFullPath(address.LocalPath);
        string target = WithoutLinks(path);
        if (!IsBelow(target, root))
            throw new NotSupportedException($"{where} names a file outside {nameof(RlhfVChatClientOptions.ImageFolder)}.");
        string name = Path.GetRelativePath(folder, path);
        var file = new FileInfo(target);
        if (!file.Exists)
            throw new FileNotFoundException($"{where} names '{name}', which is not there.", path);
        if (file.Length > maxBytes)
        {
            throw new ImageLimitException(
                $"{where} is a picture of {file.Length} bytes; {nameof(RlhfVChatClientOptions.MaxImageBytes)} allows {maxBytes}. "
                + "Send a smaller picture or raise the limit.", "messages");
        }

        return new DataContent(File.ReadAllBytes(target), "image/*") { Name = name };
    }

    // Of a path, any part may be a link and lead elsewhere, not only the last. What is not there stays as it is written.
    private static string WithoutLinks(string path)
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

    private static bool IsBelow(string path, string root) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
