using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>What the golden tests of pictures share.</summary>
internal static class GoldenPictures
{
    private static readonly Lazy<GoldenTensors> Decoded = new(() => GoldenTensors.LoadGolden("hf", "imageproc", "decoded_rgb.safetensors"));
    private static readonly Lazy<GoldenTensors> Results = new(() => GoldenTensors.LoadGolden("hf", "imageproc", "expected.safetensors"));

    public static bool Present => GoldenData.Has("hf", "imageproc");

    public static GoldenTensors Expected => Results.Value;

    public static GoldenTensors DecodedRgb => Decoded.Value;

    /// <summary>A picture as Pillow decoded it, so that resampling is tested apart from decoding.</summary>
    public static RgbImage Rgb(string picture, bool upright = false)
    {
        string name = $"{picture}/{(upright ? "exif_transposed" : "as_stored")}";
        return Image(Decoded.Value[name]);
    }

    public static RgbImage Image(GoldenTensor levels) => new((int)levels.Shape[1], (int)levels.Shape[0], levels.ToBytes());

    public static void AssertSamePixels(GoldenTensor expected, RgbImage actual)
    {
        Assert.Equal(expected.Shape, new long[] { actual.Height, actual.Width, 3 });
        AssertSameLevels(expected.ToBytes(), actual.Pixels);
    }

    public static void AssertSameLevels(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        int different = 0, largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int distance = Math.Abs(expected[i] - actual[i]);
            different += distance == 0 ? 0 : 1;
            largest = Math.Max(largest, distance);
        }

        Assert.True(different == 0, $"{different} of {expected.Length} levels differ, by up to {largest}.");
    }

    /// <summary>Values must be those that the table gives for the stored levels [.., 3, height, width], to the last bit.</summary>
    public static void AssertValuesOfLevels(GoldenTensor levels, GoldenTensor table, ProcessedImage actual)
    {
        Assert.Equal(levels.Shape, actual.Shape);
        byte[] expected = levels.ToBytes();
        float[] values = table.ToFloats();
        int plane = (int)(levels.Shape[^1] * levels.Shape[^2]), different = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            different += values[(i / plane % 3 * 256) + expected[i]] == actual.Values[i] ? 0 : 1;
        }

        Assert.True(different == 0, $"{different} of {expected.Length} values differ.");
    }
}
