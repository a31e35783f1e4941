namespace RlhfV.Preferences;

/// <summary>A folder of pictures out of which no path in a data file may lead.</summary>
internal sealed class ImageFolder(string root)
{
    /// <summary>Longer than paths of any system; without a limit a message would hold a whole picture.</summary>
    private const int LongestPath = 4096;

    private readonly string _root = Path.TrimEndingDirectorySeparator(RealPath.Of(Path.GetFullPath(root)));

    /// <summary>The full path of a picture that exists below the folder.</summary>
    /// <param name="name">The path as the data file holds it, with either kind of slash.</param>
    /// <exception cref="IOException">The path leads out of the folder, or nothing is there. The message is meant for the user.</exception>
    public string Resolve(string name)
    {
        if (name.Length > LongestPath)
            throw new IOException(
                $"'{name[..32]}..' of {name.Length} characters is too long for a path. A picture in base64 is a data URI, or stands under 'bytes'.");
        if (name.Contains("://", StringComparison.Ordinal))
            throw new IOException($"'{name}' is an address, and nothing is fetched. Download the picture and name its path.");
        if (name.Contains('\0'))
            throw new IOException("the path holds a NUL character.");

        string full = Path.GetFullPath(Path.Combine(_root, name.Replace('\\', '/')));
        if (!IsInside(full))
            throw Outside(name);
        if (!File.Exists(full))
            throw new FileNotFoundException(
                $"there is no picture '{name}' below '{_root}'. Set the image root to the folder that holds it.", full);

        // A link inside the folder may point anywhere; only where it leads in the end decides.
        if (!IsInside(RealPath.Of(full)))
            throw Outside(name);
        return full;
    }

    private bool IsInside(string path)
    {
        StringComparison comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return path.Length > _root.Length && path.StartsWith(_root, comparison)
            && (Path.EndsInDirectorySeparator(_root) || path[_root.Length] == Path.DirectorySeparatorChar);
    }

    private IOException Outside(string name) =>
        new(
            $"the path '{name}' leads out of the image root '{_root}' and is refused. "
            + "Set the image root to a folder that holds the pictures.");
}
