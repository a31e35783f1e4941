using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>Pictures inside the page: data URIs, or the reason why there is none.</summary>
internal static class PictureData
{
    /// <summary>A larger file is left out: twenty of them would make a page no mail server and few browsers take.</summary>
    private const long LargestFile = 8 << 20;

    /// <summary>The picture as a data URI, or null and why.</summary>
    public static string? Uri(PreferenceImage? image, string? root, out string reason)
    {
        reason = "";
        if (image is null)
        {
            reason = "no picture";
            return null;
        }

        ReadOnlyMemory<byte> bytes = image.Bytes ?? ReadFile(image.Path, root, out reason);
        if (bytes.Length == 0)
        {
            reason = reason.Length > 0 ? reason : "empty picture";
            return null;
        }

        if (MediaType(bytes.Span) is not { } mediaType)
        {
            reason = "unknown picture format";
            return null;
        }

        return $"data:{mediaType};base64,{Convert.ToBase64String(bytes.Span)}";
    }

    private static ReadOnlyMemory<byte> ReadFile(string? path, string? root, out string reason)
    {
        reason = "";
        string full = Path.Combine(root ?? "", path ?? "");
        if (full.Contains('\0', StringComparison.Ordinal))
        {
            reason = "picture not found"; // No file system knows such a name, and the framework refuses to ask.
            return default;
        }

        var file = new FileInfo(full.Length == 0 ? "." : full);
        if (!file.Exists)
        {
            reason = "picture not found";
            return default;
        }

        if (file.Length > LargestFile)
        {
            reason = "picture too large to embed";
            return default;
        }

        try
        {
            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = "picture could not be read"; // One locked file must not cost the report.
            return default;
        }
    }

    /// <summary>
    /// By the first bytes, not the name: only pictures that browsers decode as pixels, so no SVG, which can carry script.
    /// </summary>
    private static string? MediaType(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        _ => null,
    };
}
