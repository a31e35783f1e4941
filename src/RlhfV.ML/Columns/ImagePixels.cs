using Microsoft.ML.Data;
using RlhfV.Models.Images;

namespace RlhfV.ML.Columns;

/// <summary>Moves pixels from ML.NET's image object to ours.</summary>
internal static class ImagePixels
{
    /// <summary>
    /// Copies red, green and blue; the fourth byte is dropped. ML.NET's decoder multiplies colours by their opacity, so a transparent
    /// place comes out black, and it does not turn pictures as EXIF says: a column of encoded bytes or paths has neither effect.
    /// </summary>
    /// <exception cref="ImageFormatException">The image is disposed, or its pixels are of an unknown format.</exception>
    public static RgbImage ToRgb(MLImage image)
    {
        ReadOnlySpan<byte> source = PixelsOf(image);
        int red = image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => 2,
            MLPixelFormat.Rgba32 => 0,
            MLPixelFormat other => throw new ImageFormatException($"the image has pixels of format {other}; expected Bgra32 or Rgba32."),
        };
        byte[] levels = new byte[3 * image.Width * image.Height];
        for (int from = 0, to = 0; to < levels.Length; from += 4, to += 3)
        {
            levels[to] = source[from + red];
            levels[to + 1] = source[from + 1];
            levels[to + 2] = source[from + 2 - red];
        }

        return new RgbImage(image.Width, image.Height, levels);
    }

    /// <summary>The pixels, four bytes each.</summary>
    /// <exception cref="ImageFormatException">The image is disposed.</exception>
    public static ReadOnlySpan<byte> PixelsOf(MLImage image)
    {
        try
        {
            return image.Pixels;
        }
        catch (InvalidOperationException problem)
        {
            throw new ImageFormatException("the image is disposed; keep it until its row was read.", problem);
        }
    }
}
