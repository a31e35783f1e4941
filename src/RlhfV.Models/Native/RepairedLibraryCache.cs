using System.Security.Cryptography;

namespace RlhfV.Models.Native;

/// <summary>
/// Keeps repaired copies in a folder of the user, keyed by the SHA-256 of the original: <c>$XDG_CACHE_HOME/rlhfv/native/KEY/FILE</c>, or
/// <c>~/.cache/rlhfv/native/KEY/FILE</c>.
/// </summary>
internal sealed class RepairedLibraryCache(string root)
{
    /// <summary>The current user's cache, or null when the user has no home folder.</summary>
    public static RepairedLibraryCache? ForUser()
    {
        string? home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        // The base directory specification says to ignore a relative path here.
        if (string.IsNullOrEmpty(home) || !Path.IsPathRooted(home))
        {
            string profile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (string.IsNullOrEmpty(profile))
                return null;
            home = Path.Combine(profile, ".cache");
        }

        return new RepairedLibraryCache(Path.Combine(home, "rlhfv", "native"));
    }

    /// <summary>The path of the repaired copy, which is written if it is not there yet.</summary>
    /// <param name="original">The bytes of the original, which make the key.</param>
    /// <param name="repaired">The bytes of the repaired copy.</param>
    /// <param name="fileName">The file's name, which the dynamic loader also takes as the library's name.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public string Store(ReadOnlySpan<byte> original, ReadOnlySpan<byte> repaired, string fileName)
    {
        string key = $"{Convert.ToHexStringLower(SHA256.HashData(original))}-{LibstdcxxRepair.Revision}";
        string folder = Path.Combine(root, key);
        string path = Path.Combine(folder, fileName);
        if (Holds(path, repaired))
            return path;

        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{fileName}.{Environment.ProcessId}.{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(temporary, repaired);
            // A rename replaces the name, not the file: processes that loaded the former one keep it, and two that start together both win.
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return path;
    }

    // Comparing costs a few milliseconds and heals a copy that was damaged.
    private static bool Holds(string path, ReadOnlySpan<byte> expected)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length == expected.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(expected);
    }
}
