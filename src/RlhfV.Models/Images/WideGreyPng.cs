using System.Buffers.Binary;

namespace RlhfV.Models.Images;

/// <summary>
/// PNG of 16-bit grey, whose levels Pillow does not scale but clip: everything above 255 turns white. Skia has only the upper byte of a level;
/// so the file is read as one of 8-bit grey with 8-bit alpha, whose rows and filters are the same bytes.
/// </summary>
internal static class WideGreyPng
{
    private const int HeaderStart = 12;
    private const int HeaderEnd = 29;
    private const int DepthAt = 24;
    private const int TypeAt = 25;
    private const int Grey = 0;
    private const int GreyAndAlpha = 4;

    /// <summary>Whether a file is one.</summary>
    /// <param name="encoded">A file of any known format.</param>
    public static bool Is(ReadOnlySpan<byte> encoded) =>
        encoded.Length >= HeaderEnd + 4 && encoded[HeaderStart..].StartsWith("IHDR"u8) && encoded[DepthAt] == 16 && encoded[TypeAt] == Grey
        && BinaryPrimitives.ReadUInt32BigEndian(encoded[HeaderEnd..]) == Checksum(encoded[HeaderStart..HeaderEnd]);

    /// <summary>The file with upper bytes as grey and lower bytes as alpha.</summary>
    /// <param name="encoded">A PNG file of 16-bit grey.</param>
    public static byte[] AsGreyAndAlpha(ReadOnlySpan<byte> encoded)
    {
        byte[] file = encoded.ToArray();
        (file[DepthAt], file[TypeAt]) = (8, GreyAndAlpha);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(HeaderEnd), Checksum(file.AsSpan(HeaderStart, HeaderEnd - HeaderStart)));
        return file;
    }

    /// <summary>Levels to pixels.</summary>
    /// <param name="source">Red, green, blue and alpha of each pixel.</param>
    /// <param name="destination">Red, green and blue of each.</param>
    public static void Clip(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int from = 0, to = 0; to < destination.Length; from += 4, to += 3)
        {
            destination.Slice(to, 3).Fill(source[from] == 0 ? source[from + 3] : byte.MaxValue);
        }
    }

    // CRC-32 of the PNG specification, bit by bit: it is 17 bytes.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in bytes)
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            }
        }

        return ~sum;
    }
}
