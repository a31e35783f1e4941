using System.Buffers.Binary;

namespace RlhfV.Models.Images;

/// <summary>
/// The orientation in the EXIF block of a PNG or WebP file. Skia has that of JPEG, but reads none of PNG and of WebP only blocks without the
/// prefix that JPEG puts before them, which some programs write there as well.
/// </summary>
internal static class ExifBlock
{
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;
    private const int EntrySize = 12;

    /// <summary>The orientation, 1 to 8; null where the file has none or it cannot be read: a damaged block is no damaged picture.</summary>
    /// <param name="encoded">A PNG file.</param>
    public static int? OfPng(ReadOnlySpan<byte> encoded)
    {
        for (ReadOnlySpan<byte> rest = encoded[8..]; rest.Length >= 12;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
            {
                return null;
            }

            if (rest[4..].StartsWith("eXIf"u8))
            {
                return Orientation(rest.Slice(8, (int)length));
            }

            rest = rest[((int)length + 12)..];
        }

        return null;
    }

    /// <summary>As <see cref="OfPng"/>.</summary>
    /// <param name="encoded">A WebP file.</param>
    public static int? OfWebP(ReadOnlySpan<byte> encoded)
    {
        for (ReadOnlySpan<byte> rest = encoded[12..]; rest.Length >= 8;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - 8)
            {
                return null;
            }

            if (rest.StartsWith("EXIF"u8))
            {
                return Orientation(rest.Slice(8, (int)length));
            }

            rest = rest[Math.Min((int)length + 8 + ((int)length & 1), rest.Length)..];
        }

        return null;
    }

    /// <summary>Looks through the first directory of a TIFF block (TIFF 6.0, section 2).</summary>
    private static int? Orientation(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith("Exif\0\0"u8))
        {
            block = block[6..];
        }

        bool little = block.StartsWith("II*\0"u8);
        if (block.Length < 8 || !(little || block.StartsWith("MM\0*"u8)))
        {
            return null;
        }

        uint start = little ? BinaryPrimitives.ReadUInt32LittleEndian(block[4..]) : BinaryPrimitives.ReadUInt32BigEndian(block[4..]);
        if (start > block.Length - 2)
        {
            return null;
        }

        ReadOnlySpan<byte> entries = block[((int)start + 2)..];
        for (int left = Short(block[(int)start..], little); left > 0 && entries.Length >= EntrySize; left--, entries = entries[EntrySize..])
        {
            if (Short(entries, little) == OrientationTag)
            {
                int value = Short(entries[8..], little);
                return Short(entries[2..], little) == ShortType && value is >= 1 and <= 8 ? value : null;
            }
        }

        return null;
    }

    private static int Short(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
