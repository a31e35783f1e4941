using System.Buffers.Binary;

namespace RlhfV.Models.Images;

/// <summary>
/// Edits of a few encoded bytes after which the native decoder, which drops something on the way to 8 bits per channel, gives what Pillow
/// starts from.
/// </summary>
internal static class EncodedEdits
{
    private const int Header = 8, Depth = Header + 16, ColorType = Header + 17, HeaderChecksum = Header + 21;

    /// <summary>True for a PNG of 16-bit grey without alpha.</summary>
    /// <param name="png">The encoded picture.</param>
    public static bool IsWideGrey(ReadOnlySpan<byte> png) => png.Length >= HeaderChecksum + 4 && png[Depth] == 16 && png[ColorType] == 0;

    /// <summary>
    /// 16-bit grey, of which the decoder keeps the high byte only, declared as 8-bit grey with alpha: both have two bytes per pixel, so
    /// that rows, filters and interlacing stay valid, and the low byte arrives as alpha.
    /// </summary>
    /// <param name="png">The encoded picture.</param>
    public static byte[] DeclareGreyAndAlpha(ReadOnlySpan<byte> png)
    {
        byte[] edited = png.ToArray();
        (edited[Depth], edited[ColorType]) = (8, 4);
        uint checksum = Checksum(edited.AsSpan(Header + 4, HeaderChecksum - Header - 4));
        BinaryPrimitives.WriteUInt32BigEndian(edited.AsSpan(HeaderChecksum), checksum);
        return edited;
    }

    /// <summary>
    /// A GIF whose first picture has no transparent colour, so that the palette's colour shows; null where there is none.
    /// </summary>
    /// <param name="gif">The encoded picture.</param>
    public static byte[]? DeclareOpaque(ReadOnlySpan<byte> gif)
    {
        if (gif.Length < 13)
        {
            return null;
        }

        // Screen size and flags, then the palette, then blocks: extensions (0x21, kind, parts) up to the first picture (0x2C).
        int at = 13 + ((gif[10] & 0x80) != 0 ? 6 << (gif[10] & 7) : 0);
        while (at + 4 < gif.Length && gif[at] == 0x21)
        {
            const byte graphicControl = 0xF9, transparent = 1;
            if (gif[at + 1] == graphicControl && gif[at + 2] > 0 && (gif[at + 3] & transparent) != 0)
            {
                byte[] edited = gif.ToArray();
                edited[at + 3] &= 0xFF ^ transparent;
                return edited;
            }

            for (at += 2; at < gif.Length && gif[at] != 0; at += gif[at] + 1)
            {
            }

            at++;
        }

        return null;
    }

    /// <summary>CRC-32 as PNG defines it, for the header's 17 bytes.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~sum;
    }
}
