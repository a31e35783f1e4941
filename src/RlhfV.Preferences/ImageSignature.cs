namespace RlhfV.Preferences;

/// <summary>Tells picture formats apart by their first bytes. Nothing is decoded.</summary>
public static class ImageSignature
{
    /// <summary>The media type of an encoded picture.</summary>
    /// <param name="bytes">The encoded picture; the first 12 bytes decide.</param>
    /// <returns>
    /// <c>image/png</c>, <c>image/jpeg</c>, <c>image/gif</c>, <c>image/bmp</c>, <c>image/webp</c> or <c>image/tiff</c>; else null.
    /// </returns>
    public static string? MediaType(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        [(byte)'I', (byte)'I', 0x2A, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2A, ..] => "image/tiff",
        _ => null,
    };

    /// <summary>The usual file extension of an encoded picture, with the dot; <c>.bin</c> for an unknown one.</summary>
    /// <param name="bytes">The encoded picture.</param>
    internal static string Extension(ReadOnlySpan<byte> bytes) => MediaType(bytes) switch
    {
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        "image/bmp" => ".bmp",
        "image/tiff" => ".tif",
        _ => ".bin",
    };
}
