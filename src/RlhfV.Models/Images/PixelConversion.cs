namespace RlhfV.Models.Images;

/// <summary>Decoded pixels of four channels to red, green and blue.</summary>
internal static class PixelConversion
{
    /// <summary>Keeps the colours as they are stored, those under transparent pixels too: Pillow's <c>convert("RGB")</c>.</summary>
    /// <param name="source">Red, green, blue, alpha; not premultiplied.</param>
    /// <param name="destination">Red, green, blue.</param>
    public static void DropAlpha(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int from = 0, to = 0; to < destination.Length; from += 4, to += 3)
        {
            destination[to + 2] = source[from + 2];
            destination[to + 1] = source[from + 1];
            destination[to] = source[from];
        }
    }

    /// <summary>Lets a colour show through where pixels are transparent.</summary>
    /// <param name="source">Red, green, blue, alpha; not premultiplied.</param>
    /// <param name="background">The colour below.</param>
    /// <param name="destination">Red, green, blue.</param>
    public static void BlendOver(ReadOnlySpan<byte> source, RgbColor background, Span<byte> destination)
    {
        for (int from = 0, to = 0; to < destination.Length; from += 4, to += 3)
        {
            int alpha = source[from + 3];
            destination[to + 2] = Blend(source[from + 2], background.Blue, alpha);
            destination[to + 1] = Blend(source[from + 1], background.Green, alpha);
            destination[to] = Blend(source[from], background.Red, alpha);
        }
    }

    /// <summary>16-bit grey as Pillow turns <c>I;16</c> into RGB: not scaled but clipped, everything above 255 becomes white.</summary>
    /// <param name="source">High byte three times, low byte.</param>
    /// <param name="destination">Red, green, blue.</param>
    public static void ClipWideGrey(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int from = 0, to = 0; to < destination.Length; from += 4, to += 3)
        {
            destination.Slice(to, 3).Fill(source[from] == 0 ? source[from + 3] : byte.MaxValue);
        }
    }

    private static byte Blend(int over, int under, int alpha) => (byte)(((over * alpha) + (under * (255 - alpha)) + 127) / 255);
}
