namespace RlhfV.Models.Images;

/// <summary>
/// Level to float: <c>float32(level * rescale in double)</c>, less the mean, divided by the standard deviation, in float32, as the
/// processors do it in numpy. There are only 256 levels, so each channel is a table.
/// </summary>
internal sealed class PixelNormalization
{
    private readonly float[][] _tables;

    /// <summary>Mean and deviation of the towers that were trained on values from -1 to 1.</summary>
    public static IReadOnlyList<double> Halves { get; } = [0.5, 0.5, 0.5];

    /// <summary>Computes the tables.</summary>
    /// <param name="rescale">What levels are multiplied with; null to keep them.</param>
    /// <param name="mean">Mean per channel; null, together with <paramref name="std"/>, not to normalise.</param>
    /// <param name="std">Standard deviation per channel.</param>
    /// <exception cref="ArgumentException">Mean and deviation are not three numbers each, or only one of them is given.</exception>
    public PixelNormalization(double? rescale, IReadOnlyList<double>? mean, IReadOnlyList<double>? std)
    {
        if (mean is { Count: not 3 } || std is { Count: not 3 } || (mean is null) != (std is null))
        {
            throw new ArgumentException("Mean and standard deviation must hold three numbers each, or both be null.", nameof(mean));
        }

        _tables = new float[3][];
        for (int channel = 0; channel < 3; channel++)
        {
            float[] table = _tables[channel] = new float[256];
            for (int level = 0; level < table.Length; level++)
            {
                float value = rescale is { } factor ? (float)(level * factor) : level;
                table[level] = mean is null || std is null ? value : (value - (float)mean[channel]) / (float)std[channel];
            }
        }
    }

    /// <summary>Writes a picture channel by channel: [3, height, width].</summary>
    /// <param name="image">The picture.</param>
    /// <param name="destination">3 x height x width values.</param>
    public void Write(RgbImage image, Span<float> destination) =>
        Write(image, new ImageRegion(0, 0, image.Width, image.Height), destination);

    /// <summary>Writes a part of a picture channel by channel: [3, height, width].</summary>
    /// <param name="image">The picture.</param>
    /// <param name="region">The part.</param>
    /// <param name="destination">3 x height x width values.</param>
    public void Write(RgbImage image, ImageRegion region, Span<float> destination)
    {
        var pixels = image.Pixels;
        float[] red = _tables[0], green = _tables[1], blue = _tables[2];
        int plane = region.Width * region.Height;
        for (int y = 0; y < region.Height; y++)
        {
            var row = pixels.Slice(3 * (((region.Top + y) * image.Width) + region.Left), 3 * region.Width);
            var reds = destination.Slice(y * region.Width, region.Width);
            var greens = destination.Slice(plane + (y * region.Width), region.Width);
            var blues = destination.Slice((2 * plane) + (y * region.Width), region.Width);
            for (int x = 0, from = 0; x < reds.Length; x++, from += 3)
            {
                reds[x] = red[row[from]];
                greens[x] = green[row[from + 1]];
                blues[x] = blue[row[from + 2]];
            }
        }
    }

    /// <summary>The value of one level of one channel.</summary>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    /// <param name="level">0 to 255.</param>
    public float this[int channel, int level] => _tables[channel][level];
}
