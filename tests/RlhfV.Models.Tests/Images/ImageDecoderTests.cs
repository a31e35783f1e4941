using RlhfV.Models.Images;
using SkiaSharp;

namespace RlhfV.Models.Tests.Images;

public sealed class ImageDecoderTests
{
    private const int Width = 37, Height = 21;

    public static TheoryData<int, int, bool> PngKinds
    {
        get
        {
            var kinds = new TheoryData<int, int, bool>();
            foreach (bool interlaced in (bool[])[false, true])
            {
                kinds.AddRange([.. new[] { 1, 2, 4, 8, 16 }.Select(depth => (0, depth, interlaced))]);
                kinds.AddRange([.. new[] { 1, 2, 4, 8 }.Select(depth => (3, depth, interlaced))]);
                kinds.AddRange([.. new[] { 2, 4, 6 }.SelectMany(type => new[] { (type, 8, interlaced), (type, 16, interlaced) })]);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(PngKinds))]
    public void Decode_PngOfAnyKind_FollowsPillowsRules(int colorType, int depth, bool interlaced)
    {
        var random = new Random(colorType + depth);
        int channels = TestPng.Channels(colorType), colors = colorType is 2 or 6 ? 3 : 1;
        int[] samples = new int[Width * Height * channels];
        for (int i = 0; i < samples.Length; i++)
        {
            // 16-bit grey is clipped at 255: without small levels among them all would be white.
            samples[i] = random.Next(i % 5 == 0 ? Math.Min(1 << depth, 300) : 1 << depth);
        }

        byte[] palette = new byte[3 << depth % 16];
        random.NextBytes(palette);

        var image = Decode(TestPng.Encode(Width, Height, colorType, depth, samples, interlaced, colorType == 3 ? [("PLTE", palette)] : []));

        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int sample = samples[(i / 3 * channels) + (colors == 3 ? i % 3 : 0)];
            int expected = (colorType, depth) switch
            {
                (3, _) => palette[(3 * sample) + (i % 3)],
                (0, 16) => Math.Min(sample, 255),
                (_, 16) => sample >> 8,
                _ => sample * 255 / ((1 << depth) - 1),
            };
            Assert.True(expected == image.Pixels[i], $"Level {i}: expected {expected}, found {image.Pixels[i]}, stored {sample}.");
        }
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(3, 8)]
    public void Decode_TransparentColor_ShowsTheColor(int colorType, int depth)
    {
        int[] samples = [.. Enumerable.Repeat(7, TestPng.Channels(colorType) * Width * Height)];
        byte[] palette = [.. Enumerable.Range(0, 30).Select(i => (byte)(i + 100))];
        (string, byte[])[] chunks = colorType switch
        {
            3 => [("PLTE", palette), ("tRNS", [0, 0, 0, 0, 0, 0, 0, 0])],
            2 => [("tRNS", [0, 7, 0, 7, 0, 7])],
            _ => [("tRNS", [0, 7])],
        };

        var image = Decode(TestPng.Encode(Width, Height, colorType, depth, samples, false, chunks));

        byte[] expected = colorType == 3 ? [121, 122, 123] : [7, 7, 7];
        Assert.Equal(expected, image.Pixels[..3].ToArray());
    }

    [Fact]
    public void Decode_BackgroundGiven_ShowsThroughInProportionToAlpha()
    {
        int[] samples = [200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 128];
        byte[] encoded = TestPng.Encode(3, 1, 6, 8, samples);

        byte[] dropped = Decode(encoded).Pixels.ToArray();
        byte[] blended = Decode(encoded, new() { Background = new(255, 255, 255) }).Pixels.ToArray();

        Assert.Equal([200, 100, 0, 200, 100, 0, 200, 100, 0], dropped);
        Assert.Equal([200, 100, 0, 255, 255, 255, 227, 177, 127], blended);
    }

    [Fact]
    public void Decode_ColourProfileAndGamma_AreIgnored()
    {
        int[] samples = [.. Enumerable.Range(0, 3 * 16).Select(i => i * 5)];

        var image = Decode(TestPng.Encode(4, 4, 2, 8, samples, false, ("gAMA", [0, 0, 0x40, 0])));

        Assert.Equal(samples, image.Pixels.ToArray().Select(level => (int)level));
    }

    [Fact]
    public void Decode_LosslessFormats_GiveTheSamePixels()
    {
        var image = TestPictures.Noise(Width, Height);
        byte[] palette = [.. Enumerable.Range(0, 384).Select(i => (byte)(255 - i))];
        byte[] indices = [.. Enumerable.Range(0, Width * Height).Select(i => (byte)(i % 128))];

        Assert.Equal(image.Pixels, Decode(TestPictures.Encode(image, SKEncodedImageFormat.Png)).Pixels);
        Assert.Equal(image.Pixels, Decode(TestPictures.Encode(image, SKEncodedImageFormat.Webp, quality: 100)).Pixels);
        Assert.Equal(image.Pixels, Decode(TestPictures.Bmp(image)).Pixels);
        Assert.Equal(
            indices.SelectMany(index => palette[(3 * index)..(3 * index + 3)]),
            Decode(TestPictures.Gif(Width, Height, palette, indices)).Pixels.ToArray());
    }

    [Fact]
    public void Decode_GifWithTransparentColor_ShowsThePalettesColor()
    {
        byte[] palette = [.. Enumerable.Range(0, 384).Select(i => (byte)(255 - i))];
        byte[] gif = TestPictures.Gif(2, 1, palette, [3, 5], transparent: 3);

        Assert.Equal([.. palette[9..12], .. palette[15..18]], Decode(gif).Pixels.ToArray());
        Assert.Equal([9, 8, 7, .. palette[15..18]], Decode(gif, new() { Background = new(9, 8, 7) }).Pixels.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_OrientationInPngOrWebP_IsApplied(bool png)
    {
        // Big-endian TIFF with one entry: orientation, short, 1 value, 6 (turn right).
        byte[] exif = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        var image = TestPictures.Noise(2, 1);
        byte[] encoded = png
            ? TestPng.Encode(2, 1, 2, 8, [.. image.Pixels.ToArray().Select(level => (int)level)], false, ("eXIf", exif))
            : [.. TestPictures.Encode(image, SKEncodedImageFormat.Webp, quality: 100), .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif];

        var turned = Decode(encoded);
        var stored = Decode(encoded, new() { Orientation = ExifOrientation.Ignore });

        Assert.Equal((1, 2), (turned.Width, turned.Height));
        Assert.Equal((2, 1), (stored.Width, stored.Height));
        Assert.Equal(image.Pixels, turned.Pixels);
    }

    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "is empty", [] },
        { "begins with the bytes 48656C6C6F", "Hello, world"u8.ToArray() },
        { "header is damaged or cut off", [0xFF, 0xD8, 0xFF, 0xE0] },
        { "header is damaged or cut off", "RIFF....WEBPVP8 "u8.ToArray() },
        { "expected 1 to 65535 along each edge", TestPng.Encode(70_000, 1, 0, 1, new int[70_000]) },
        { "65535x65535 = 4,294,836,225 pixels; expected at most 64,000,000", LyingHeader() },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Decode_UnusableBytes_SaysWhichPictureAndWhy(string reason, byte[] encoded)
    {
        var error = Assert.Throws<ImageFormatException>(() => ImageSource.FromBytes(encoded, "row 7").Decode());

        Assert.Contains("'row 7'", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Decode_CutOffAnywhere_IsRefused(SKEncodedImageFormat format)
    {
        byte[] whole = TestPictures.Encode(TestPictures.Noise(Width, Height), format);

        // The last bytes are checksums and an end mark: a picture that lacks only those is whole.
        for (int length = 0; length < whole.Length - 24; length += 7)
        {
            var source = ImageSource.FromBytes(whole.AsMemory(0, length));
            Assert.Throws<ImageFormatException>(() => source.Decode());
        }
    }

    [Fact]
    public void Decode_MorePixelsThanAllowed_IsRefusedBeforeDecoding()
    {
        var source = ImageSource.FromBytes(TestPictures.Encode(TestPictures.Noise(10, 10), SKEncodedImageFormat.Png));

        Assert.Throws<ImageFormatException>(() => source.Decode(new() { MaxPixels = 99 }));
        Assert.Equal(10, source.Decode(new() { MaxPixels = 100 }).Width);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new ImageDecodeOptions { MaxPixels = 0 });
    }

    private static byte[] LyingHeader()
    {
        byte[] png = TestPng.Encode(1, 1, 0, 8, [0]);
        png.AsSpan(16, 8).Fill(0);
        (png[18], png[19], png[22], png[23]) = (0xFF, 0xFF, 0xFF, 0xFF);
        TestPng.FixChecksums(png);
        return png;
    }

    private static RgbImage Decode(byte[] encoded, ImageDecodeOptions? options = null) => ImageSource.FromBytes(encoded).Decode(options);
}
