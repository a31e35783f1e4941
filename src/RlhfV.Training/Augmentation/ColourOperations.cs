using RlhfV.Models.Images;

namespace RlhfV.Training.Augmentation;

/// <summary>
/// Operations on colours, in 8 bits. Definitions are those of Pillow's <c>ImageEnhance</c> and <c>ImageOps</c>, on which RandAugment was
/// defined.
/// </summary>
internal static class ColourOperations
{
    /// <summary>Levels times a factor.</summary>
    public static RgbImage Brightness(RgbImage image, double factor) => Map(image, level => factor * level);

    /// <summary>Distances from the mean luma of the picture times a factor.</summary>
    public static RgbImage Contrast(RgbImage image, double factor)
    {
        double sum = 0;
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i += 3)
        {
            sum += Luma(pixels, i);
        }

        int mean = (int)(sum / (pixels.Length / 3) + 0.5);
        return Map(image, level => mean + factor * (level - mean));
    }

    /// <summary>Distances from each pixel's luma times a factor.</summary>
    public static RgbImage Colour(RgbImage image, double factor)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        byte[] result = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            int grey = Luma(pixels, i);
            for (int c = i; c < i + 3; c++)
            {
                result[c] = Clip(grey + factor * (pixels[c] - grey));
            }
        }

        return new RgbImage(image.Width, image.Height, result);
    }

    /// <summary>Distances from the picture smoothed by (1 1 1, 1 5 1, 1 1 1) / 13 times a factor; the border stays.</summary>
    public static RgbImage Sharpness(RgbImage image, double factor)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        byte[] result = pixels.ToArray();
        int row = 3 * image.Width;
        for (int y = 1; y < image.Height - 1; y++)
        {
            for (int i = y * row + 3; i < (y + 1) * row - 3; i++)
            {
                int sum = 4 * pixels[i];
                for (int neighbour = -row; neighbour <= row; neighbour += row)
                {
                    sum += pixels[i + neighbour - 3] + pixels[i + neighbour] + pixels[i + neighbour + 3];
                }

                int smooth = (int)(sum / 13.0 + 0.5);
                result[i] = Clip(smooth + factor * (pixels[i] - smooth));
            }
        }

        return new RgbImage(image.Width, image.Height, result);
    }

    /// <summary>Keeps the highest bits of each level.</summary>
    public static RgbImage Posterize(RgbImage image, int bits) => Map(image, level => level & (0xFF << (8 - bits)));

    /// <summary>Inverts levels from a threshold on.</summary>
    public static RgbImage Solarize(RgbImage image, int threshold) => Map(image, level => level < threshold ? level : 255 - level);

    /// <summary>Stretches each channel from its darkest and lightest level to 0 and 255.</summary>
    public static RgbImage AutoContrast(RgbImage image) => MapChannels(image, histogram =>
    {
        int low = Array.FindIndex(histogram, count => count > 0), high = Array.FindLastIndex(histogram, count => count > 0);
        return high <= low ? level => level : level => (level - low) * 255.0 / (high - low);
    });

    /// <summary>Spreads each channel's levels so that all occur about equally often.</summary>
    public static RgbImage Equalize(RgbImage image) => MapChannels(image, histogram =>
    {
        int last = histogram[Array.FindLastIndex(histogram, count => count > 0)];
        int step = (histogram.Sum() - last) / 255;
        if (step == 0)
        {
            return level => level;
        }

        int[] places = new int[256];
        int below = step / 2;
        for (int level = 0; level < 256; level++)
        {
            places[level] = below / step;
            below += histogram[level];
        }

        return level => places[level];
    });

    private static RgbImage Map(RgbImage image, Func<int, double> map) => MapChannels(image, _ => map);

    private static RgbImage MapChannels(RgbImage image, Func<int[], Func<int, double>> mapOf)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        byte[] result = new byte[pixels.Length];
        byte[] table = new byte[256];
        for (int channel = 0; channel < 3; channel++)
        {
            int[] histogram = new int[256];
            for (int i = channel; i < pixels.Length; i += 3)
            {
                histogram[pixels[i]]++;
            }

            Func<int, double> map = mapOf(histogram);
            for (int level = 0; level < 256; level++)
            {
                table[level] = Clip(map(level));
            }

            for (int i = channel; i < pixels.Length; i += 3)
            {
                result[i] = table[pixels[i]];
            }
        }

        return new RgbImage(image.Width, image.Height, result);
    }

    // ITU-R 601-2, in Pillow's fixed point.
    private static int Luma(ReadOnlySpan<byte> pixels, int i) =>
        (pixels[i] * 19595 + pixels[i + 1] * 38470 + pixels[i + 2] * 7471 + 0x8000) >> 16;

    // As Pillow's: cut off, not rounded.
    private static byte Clip(double level) => (byte)Math.Clamp(level, 0, 255);
}
