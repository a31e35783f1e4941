using System.IO.Compression;

namespace RlhfV.ML.Saving;

/// <summary>Adapters as entries of ML.NET's zip, which leaves alone what it does not know.</summary>
internal static class AdapterEntries
{
    private const string Root = "RlhfV/adapters/";

    /// <summary>Adds the files of an adapter; the same adapter is stored once.</summary>
    public static void Add(string zip, string folder, IReadOnlyList<ModelFile> files)
    {
        using ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Update);
        foreach (ModelFile file in files.Where(file => archive.GetEntry(NameOf(file)) is null))
            archive.CreateEntryFromFile(Path.Combine(folder, file.Name), NameOf(file), CompressionLevel.Fastest);
    }

    /// <summary>Writes the files of an adapter into a folder.</summary>
    /// <exception cref="InvalidDataException">The zip does not hold them as they were saved.</exception>
    public static void Extract(string zip, IReadOnlyList<ModelFile> files, string folder)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        foreach (ModelFile file in files)
        {
            ZipArchiveEntry entry = archive.GetEntry(NameOf(file)) ?? throw new InvalidDataException(
                $"'{zip}' holds no {file.Name} of its adapter; it was packed anew without it. Save the transformer again.");
            entry.ExtractToFile(Path.Combine(folder, Path.GetFileName(file.Name)));
        }

        if (ModelContents.FindDifference(folder, files) is { } reason)
            throw new InvalidDataException($"The adapter inside '{zip}' is not as it was saved: {reason}. Save the transformer again.");
    }

    private static string NameOf(ModelFile file) => $"{Root}{file.Sha256}/{file.Name}";
}
