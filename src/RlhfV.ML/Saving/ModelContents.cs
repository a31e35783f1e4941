using System.Security.Cryptography;

namespace RlhfV.ML.Saving;

/// <summary>The files that make a model: weights, configuration, tokenizer and image preprocessing, by content.</summary>
internal static class ModelContents
{
    /// <summary>Files of other kinds (a readme, a licence) may come, change and go.</summary>
    private static readonly HashSet<string> Extensions =
        new(StringComparer.OrdinalIgnoreCase) { ".safetensors", ".bin", ".json", ".model", ".txt" };

    /// <summary>Lists and hashes the files of a folder, by name.</summary>
    public static IReadOnlyList<ModelFile> Describe(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => Extensions.Contains(file.Extension) && !file.Name.StartsWith('.'))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new ModelFile(file.Name, file.Length, Hash(file))),
    ];

    /// <summary>Why a folder does not hold these files, or null when it does. Lengths are compared before anything is hashed.</summary>
    public static string? FindDifference(string folder, IReadOnlyList<ModelFile> files)
    {
        if (!Directory.Exists(folder))
            return "no such folder";
        foreach (ModelFile expected in files)
        {
            var found = new FileInfo(Path.Combine(folder, expected.Name));
            if (!found.Exists)
                return $"{expected.Name} is missing";
            if (found.Length != expected.Length)
                return $"{expected.Name} has {found.Length} bytes, expected {expected.Length}";
        }

        ModelFile? altered = files.FirstOrDefault(expected => Hash(new FileInfo(Path.Combine(folder, expected.Name))) != expected.Sha256);
        return altered is null ? null : $"{altered.Name} was altered (its SHA-256 is not {altered.Sha256[..12]}..)";
    }

    private static string Hash(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
