using System.Buffers.Binary;

namespace RlhfV.Models.Images;

/// <summary>
/// Finds the EXIF orientation in the formats for which the decoder does not report it: PNG (chunk <c>eXIf</c>) and WebP (chunk
/// <c>EXIF</c>). Damaged EXIF data means an upright picture, as in Pillow: it says nothing about the pixels.
/// </summary>
internal static class ExifReader
{
    private const int Upright = 1, OrientationTag = 0x0112, ShortType = 3;

    /// <summary>The orientation 1 to 8 of a PNG or WebP picture.</summary>
    /// <param name="encoded">The encoded picture.</param>
    /// <param name="format">Its format.</param>
    public static int Orientation(ReadOnlySpan<byte> encoded, ImageFormat format) => format switch
    {
        ImageFormat.Png => OfPng(encoded[8..]),
        ImageFormat.WebP => OfWebP(encoded[12..]),
        _ => Upright,
    };

    private static int OfPng(ReadOnlySpan<byte> chunks)
    {
        // Length, name, data, checksum.
        while (chunks.Length >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (length > chunks.Length - 12)
            {
                break;
            }

            if (chunks[4..].StartsWith("eXIf"u8))
            {
                return OfTiff(chunks.Slice(8, (int)length));
            }

            chunks = chunks[((int)length + 12)..];
        }

        return Upright;
    }

    private static int OfWebP(ReadOnlySpan<byte> chunks)
    {
        // Name, length, data, one byte more if the length is odd.
        while (chunks.Length >= 8)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            if (length > chunks.Length - 8)
            {
                break;
            }

            if (chunks.StartsWith("EXIF"u8))
            {
                var data = chunks.Slice(8, (int)length);
                return OfTiff(data.StartsWith("Exif\0\0"u8) ? data[6..] : data);
            }

            chunks = chunks[Math.Min(8 + (int)length + ((int)length & 1), chunks.Length)..];
        }

        return Upright;
    }

    /// <summary>Byte order, 42, offset of the first directory; there a count and entries of 12 bytes: tag, type, count, value.</summary>
    private static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || (!little && !tiff.StartsWith("MM\0*"u8)))
        {
            return Upright;
        }

        uint start = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (start > tiff.Length - 2)
        {
            return Upright;
        }

        var directory = tiff[(int)start..];
        int count = Short(directory, little);
        for (directory = directory[2..]; count > 0 && directory.Length >= 12; count--, directory = directory[12..])
        {
            if (Short(directory, little) == OrientationTag && Short(directory[2..], little) == ShortType)
            {
                return Short(directory[8..], little);
            }
        }

        return Upright;
    }

    private static int Short(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
