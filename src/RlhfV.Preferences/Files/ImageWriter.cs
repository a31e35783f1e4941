using System.Security.Cryptography;

namespace RlhfV.Preferences;

/// <summary>Stores pictures beside a data file, under the names they came with where that is possible.</summary>
internal sealed class ImageWriter(PreferenceTarget target)
{
    private const string Folder = "images";

    /// <summary>Writes an example's pictures and returns their paths relative to the data file, with forward slashes.</summary>
    /// <param name="row">Number of the example, the first being 1.</param>
    /// <param name="images">The pictures.</param>
    public IReadOnlyList<string> Store(long row, IReadOnlyList<PreferenceImage> images) =>
        [.. images.Select((image, i) => Store(row, image, PictureNumber.Prefix(i, images.Count)))];

    private string Store(long row, PreferenceImage image, string prefix)
    {
        ReadOnlyMemory<byte> bytes = target.LoadImage(row, image, prefix);
        string name = NameFor(image.Path, bytes.Span);
        string full = Path.Combine(target.Folder, name);
        if (File.Exists(full) && !Holds(full, bytes.Span))
        {
            // Another picture has this name already: neither may be lost, so this one's content becomes part of its name.
            name = $"{Path.ChangeExtension(name, null)}-{Hash(bytes.Span)}{Path.GetExtension(name)}";
            full = Path.Combine(target.Folder, name);
        }

        if (!File.Exists(full))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            AtomicFile.Write(full, stream => stream.Write(bytes.Span));
        }

        return name;
    }

    private static string NameFor(string? path, ReadOnlySpan<byte> bytes)
    {
        string[] parts = (path ?? "").Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool usable = path is { Length: > 0 } && !Path.IsPathRooted(path) && parts.Length > 0
            && parts.All(part => part is not ("." or "..") && part.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) < 0);
        return usable ? string.Join('/', parts) : $"{Folder}/{Hash(bytes)}{ImageSignature.Extension(bytes)}";
    }

    private static bool Holds(string path, ReadOnlySpan<byte> bytes) =>
        new FileInfo(path).Length == bytes.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
}
