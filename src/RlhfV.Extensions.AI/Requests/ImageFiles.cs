using Microsoft.Extensions.AI;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>Pictures that messages name by file, from one folder only: an address may come from whoever writes the messages.</summary>
internal static class ImageFiles
{
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
        string root = RealPath.Of(Path.GetFullPath(folder));
        string path = Path.GetFullPath(address.LocalPath);
        string target = RealPath.Of(path);
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

    private static bool IsBelow(string path, string root) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
