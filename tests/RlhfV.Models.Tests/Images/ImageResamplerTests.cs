using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class ImageResamplerTests
{
    public static TheoryData<int, int, int, int> Sizes
    {
        get
        {
            var random = new Random(5);
            TheoryData<int, int, int, int> sizes = [(1, 1, 40, 1), (3, 500, 17, 2), (33, 9, 33, 27), (20, 40, 7, 40), (64, 48, 64, 48)];
            for (int i = 0; i < 12; i++)
            {
                sizes.Add(random.Next(1, 90), random.Next(1, 90), random.Next(1, 90), random.Next(1, 90));
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Resize_AnySizes_AgreesWithThePlainFormula(int width, int height, int newWidth, int newHeight)
    {
        var image = TestPictures.Noise(width, height, seed: width);
        foreach (var filter in Enum.GetValues<ResamplingFilter>())
        {
            var actual = ImageResampler.Resize(image, newWidth, newHeight, filter);

            Assert.Equal((newWidth, newHeight), (actual.Width, actual.Height));
            GoldenPictures.AssertSameLevels(PlainResize(image, newWidth, newHeight, filter), actual.Pixels);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ResizeRegion_AnyPart_IsThatPartOfTheWhole(int width, int height, int newWidth, int newHeight)
    {
        var image = TestPictures.Noise(width, height, seed: height);
        var whole = ImageResampler.Resize(image, newWidth, newHeight, ResamplingFilter.Bicubic);
        var random = new Random(newWidth);
        int left = random.Next(newWidth), top = random.Next(newHeight);
        var region = new ImageRegion(left, top, random.Next(1, newWidth - left + 1), random.Next(1, newHeight - top + 1));

        var part = ImageResampler.ResizeRegion(image, newWidth, newHeight, ResamplingFilter.Bicubic, region);

        for (int y = 0; y < region.Height; y++)
        {
            var expected = whole.Pixels.Slice(3 * (((top + y) * newWidth) + left), 3 * region.Width);
            Assert.Equal(expected, part.Pixels.Slice(3 * y * region.Width, expected.Length));
        }
    }

    [Fact]
    public void Resize_OneColour_KeepsIt()
    {
        var image = new RgbImage(50, 30, [.. Enumerable.Repeat((byte[])[0, 128, 255], 1500).SelectMany(pixel => pixel)]);

        foreach (var filter in Enum.GetValues<ResamplingFilter>())
        {
            var resized = ImageResampler.Resize(image, 77, 11, filter);
            Assert.Equal(Enumerable.Repeat((byte[])[0, 128, 255], 77 * 11).SelectMany(pixel => pixel), resized.Pixels.ToArray());
        }
    }

    [Fact]
    public void Resize_SizeBelowOneOrBeyondAnArray_Throws()
    {
        var image = TestPictures.Noise(2, 2);

        Assert.Throws<ArgumentOutOfRangeException>("width", () => ImageResampler.Resize(image, 0, 1, ResamplingFilter.Bicubic));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => ImageResampler.Resize(image, 1, 0, ResamplingFilter.Bicubic));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => ImageResampler.Resize(image, 50_000, 50_000, ResamplingFilter.Bicubic));
        Assert.Throws<ArgumentOutOfRangeException>("filter", () => ImageResampler.Resize(image, 3, 3, (ResamplingFilter)7));
    }

    /// <summary>One level after the other, straight from the definition.</summary>
    private static byte[] PlainResize(RgbImage image, int width, int height, ResamplingFilter filter)
    {
        byte[] wide = PlainPass(image.Pixels.ToArray(), image.Width, width, image.Height, 3, 3 * image.Width, 3 * width, filter);
        return PlainPass(wide, image.Height, height, width, 3 * width, 3, 3, filter);
    }

    private static byte[] PlainPass(
        byte[] source, int sizeIn, int sizeOut, int lines, int step, int lineIn, int lineOut, ResamplingFilter filter)
    {
        if (sizeIn == sizeOut)
        {
            return source;
        }

        var result = new byte[3 * sizeOut * lines];
        double scale = (double)sizeIn / sizeOut, stretch = Math.Max(scale, 1), reach = Reach(filter) * stretch;
        for (int i = 0; i < sizeOut; i++)
        {
            double center = (i + 0.5) * scale;
            int first = Math.Max(0, (int)(center - reach + 0.5)), end = Math.Min(sizeIn, (int)(center + reach + 0.5));
            double[] weights = [.. Enumerable.Range(first, end - first).Select(x => Kernel(filter, (x - center + 0.5) * (1 / stretch)))];
            double norm = 1 / weights.Sum();
            long[] fixedPoint = [.. weights.Select(weight => (long)Math.Truncate((weight * norm * (1 << 22)) + (weight < 0 ? -0.5 : 0.5)))];
            for (int line = 0; line < lines; line++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    long sum = 1 << 21;
                    for (int x = first; x < end; x++)
                    {
                        sum += source[(line * lineIn) + (x * step) + channel] * fixedPoint[x - first];
                    }

                    result[(line * lineOut) + (i * step) + channel] = (byte)Math.Clamp(sum >> 22, 0, 255);
                }
            }
        }

        return result;
    }

    private static double Reach(ResamplingFilter filter) =>
        filter switch { ResamplingFilter.Bilinear => 1, ResamplingFilter.Bicubic => 2, _ => 3 };

    private static double Kernel(ResamplingFilter filter, double x)
    {
        double d = Math.Abs(x);
        double Sinc(double v) => v == 0 ? 1 : Math.Sin(v * Math.PI) / (v * Math.PI);
        return filter switch
        {
            ResamplingFilter.Bilinear => Math.Max(0, 1 - d),
            ResamplingFilter.Bicubic when d < 1 => (((1.5 * d) - 2.5) * d * d) + 1,
            ResamplingFilter.Bicubic when d < 2 => ((((d - 5) * d) + 8) * d - 4) * -0.5,
            ResamplingFilter.Lanczos when d < 3 => Sinc(x) * Sinc(x / 3),
            _ => 0,
        };
    }
}
