namespace RlhfV.Models.Images;

/// <summary>
/// Level to float: <c>float32(level * rescale in double)</c>, less the mean, divided by the standard deviation, in float32, as the
/// processors do it in numpy. There are only 256 levels, so each channel is a table.
/// </summary>
internal sealed class PixelNormalization
{
    private readonly float[][] _tables;

    /// <summary>Computes the tables.</summary>
    /// <param name="rescale">What levels are multiplied with; null to keep them.</param>
    /// <param name="mean">Mean per channel; null, together with <paramref name="std"/>, not to normalise.</param>
    /// <param name="std">Standard deviation per channel.</param>
    public PixelNormalization(double? rescale, IReadOnlyList<double>? mean, IReadOnlyList<double>? std)
    {
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
    public void Write(RgbImage image, Span<float> destination)
    {
        var pixels = image.Pixels;
        int plane = image.Width * image.Height;
        for (int channel = 0; channel < 3; channel++)
        {
            float[] table = _tables[channel];
            var values = destination.Slice(channel * plane, plane);
            for (int i = 0, from = channel; i < values.Length; i++, from += 3)
            {
                values[i] = table[pixels[from]];
            }
        }
    }

    /// <summary>The values of all 256 levels of one channel.</summary>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    public ReadOnlySpan<float> Table(int channel) => _tables[channel];

    /// <summary>The value of one level of one channel.</summary>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    /// <param name="level">0 to 255.</param>
    public float this[int channel, int level] => _tables[channel][level];
}
