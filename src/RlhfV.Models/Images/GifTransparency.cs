namespace RlhfV.Models.Images;

/// <summary>
/// Gives a GIF's transparent pixels back the colours that its palette has for them. Skia makes them black, where every other format keeps
/// the colour that is stored, and Pillow's <c>convert("RGB")</c> does so for GIF as well.
/// </summary>
internal static class GifTransparency
{
    private const int HeaderSize = 13;
    private const int TransparentFlag = 1;
    private const int PaletteFlag = 0x80;

    /// <summary>A copy of the file whose first frame has no transparent colour, and the colour of what that frame leaves uncovered.</summary>
    /// <param name="encoded">A GIF file.</param>
    /// <returns>Null where the file's blocks cannot be followed up to the first frame and its palette; the decoder then says what is wrong.</returns>
    public static (byte[] Encoded, RgbColor Uncovered)? Remove(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < HeaderSize)
        {
            return null;
        }

        byte[] opaque = encoded.ToArray();
        int palette = HeaderSize, size = PaletteSize(opaque[10]);
        int transparent = 0;
        int at = HeaderSize + size;
        while (at < opaque.Length)
        {
            if (opaque[at] == 0x2C && at + 10 < opaque.Length)
            {
                if (PaletteSize(opaque[at + 9]) is > 0 and int own)
                {
                    (palette, size) = (at + 10, own);
                }

                int color = palette + (3 * transparent);
                return 3 * transparent < size && color + 3 <= opaque.Length
                    ? (opaque, new RgbColor(opaque[color], opaque[color + 1], opaque[color + 2]))
                    : null;
            }

            if (opaque[at] != 0x21 || at + 2 >= opaque.Length)
            {
                return null;
            }

            // A graphic control extension: its length, flags, delay and the transparent colour's number.
            if (opaque[at + 1] == 0xF9 && opaque[at + 2] == 4 && at + 6 < opaque.Length)
            {
                transparent = (opaque[at + 3] & TransparentFlag) != 0 ? opaque[at + 6] : 0;
                opaque[at + 3] &= unchecked((byte)~TransparentFlag);
            }

            for (at += 2; at < opaque.Length && opaque[at] != 0;)
            {
                at += opaque[at] + 1;
            }

            at++;
        }

        return null;
    }

    private static int PaletteSize(byte flags) => (flags & PaletteFlag) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
