using System.Text.Json;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class Qwen2VlImageProcessorTests
{
    [Fact]
    public void Process_LaysPatchesOutBlockByBlock()
    {
        // Blocks of 2 x 2 patches of one pixel: the level tells where a value came from.
        var processor = new Qwen2VlImageProcessor(
            new() { PatchSize = 1, MergeSize = 2, MinPixels = 1, RescaleFactor = null, Mean = null, Std = null });
        byte[] pixels = [.. Enumerable.Range(0, 8).SelectMany(i => new[] { (byte)i, (byte)(i + 100), (byte)(i + 200) })];
        ProcessedImage image = processor.Process(new RgbImage(4, 2, pixels));
        Assert.Equal(new ImageGrid(1, 2, 4), image.Grid);
        Assert.Equal([8, 6], image.Shape);
        Assert.Equal([0f, 1, 4, 5, 2, 3, 6, 7], Enumerable.Range(0, 8).Select(patch => image.Values[6 * patch]));

        // Channel by channel, the picture twice in time.
        Assert.Equal([5f, 5, 105, 105, 205, 205], image.Values[(6 * 3)..(6 * 4)]);
    }

    [Theory]
    [InlineData(20000, 100, true)]
    [InlineData(20001, 100, false)]
    [InlineData(1, 201, false)]
    public void Proportions_BeyondTwoHundred_AreRefused(int width, int height, bool taken)
    {
        var processor = new Qwen2VlImageProcessor();
        if (taken)
            Assert.Equal(0, processor.ResizedSize(new ImageSize(width, height)).Width % 28);
        else
            Assert.Contains("200", Assert.Throws<ImageFormatException>(() => processor.ResizedSize(new ImageSize(width, height))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 6272, "max_pixels": 100352}""", 6272, 100352)]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessorFast", "size": {"shortest_edge": 6272, "longest_edge": 100352}}""", 6272, 100352)]
    [InlineData("""{"image_processor_type": "Qwen2_5_VLImageProcessor", "size": {"min_pixels": 6272, "max_pixels": 100352}}""", 6272, 100352)]
    [InlineData("""{"max_pixels": 200704, "min_pixels": null, "size": {"shortest_edge": 6272, "longest_edge": 100352}}""", 6272, 200704)]
    [InlineData("{}", 3136, 1003520)]
    public void FromJson_ReadsTheBoundsUnderAllTheirNames(string json, long min, long max)
    {
        var processor = Assert.IsType<Qwen2VlImageProcessor>(ImageProcessor.FromJson(Parse(json), "qwen2_5_vl"));
        Assert.Equal((min, max), (processor.Options.MinPixels, processor.Options.MaxPixels));
        Assert.Equal((14, 2, 2), (processor.Options.PatchSize, processor.Options.TemporalPatchSize, processor.Options.MergeSize));
    }

    [Theory]
    [InlineData("""{"min_pixels": 6272, "max_pixels": 3136}""", "max_pixels")]
    [InlineData("""{"size": {"shortest_edge": 0, "longest_edge": 3136}}""", "shortest_edge")]
    [InlineData("""{"max_pixels": "many"}""", "max_pixels")]
    [InlineData("""{"max_pixels": 1000000000000}""", "max_pixels")]
    [InlineData("""{"patch_size": 0}""", "patch_size")]
    [InlineData("""{"patch_size": 14.5}""", "patch_size")]
    [InlineData("""{"merge_size": 5000}""", "merge_size")]
    [InlineData("""{"image_std": [0.2, 0, 0.2]}""", "image_std")]
    [InlineData("""{"resample": 0}""", "resample")]
    public void FromJson_BadSettings_NamesTheKey(string json, string key) =>
        Assert.Contains(key, Assert.Throws<ModelFormatException>(() => ImageProcessor.FromJson(Parse(json), "qwen2_5_vl")).Message, StringComparison.Ordinal);

    [Fact]
    public void Make_RefusesBoundsAndSizesOutOfRange()
    {
        Assert.Throws<ArgumentException>(() => new Qwen2VlImageProcessor(new() { MinPixels = 0 }));
        Assert.Throws<ArgumentException>(() => new Qwen2VlImageProcessor(new() { MinPixels = 5000, MaxPixels = 4000 }));
        Assert.Throws<ArgumentException>(() => new Qwen2VlImageProcessor(new() { MaxPixels = 1L << 28 }));
        Assert.Throws<ArgumentException>(() => new Qwen2VlImageProcessor(new() { Mean = null }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Qwen2VlImageProcessor(new() { MergeSize = 0 }));
        Assert.Throws<ArgumentException>(() => new Qwen2VlImageProcessor(new() { PatchSize = 4096, TemporalPatchSize = 4096 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Qwen2VlImageProcessor().ResizedSize(new ImageSize(0, 5)));
    }

    [Fact]
    public void Save_ThenLoad_ProcessesAlike()
    {
        var options = new Qwen2VlImageProcessorOptions
        {
            MinPixels = 1000,
            MaxPixels = 9000,
            Filter = ResamplingFilter.Lanczos,
            Mean = [0.5, 0.5, 0.4],
            Std = [0.3, 0.2, 0.1],
        };
        string folder = Directory.CreateTempSubdirectory("rlhfv-qwen").FullName;
        try
        {
            var processor = new Qwen2VlImageProcessor(options);
            processor.Save(folder);
            var loaded = Assert.IsType<Qwen2VlImageProcessor>(ImageProcessor.Load(folder));
            RgbImage picture = Noise(70, 41, 5);
            Assert.Equal(processor.Process(picture).Values, loaded.Process(picture).Values);
            Assert.Equal((1000, 9000), (loaded.Options.MinPixels, loaded.Options.MaxPixels));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Process_WithoutResizing_TakesWholeBlocksOnly()
    {
        var processor = new Qwen2VlImageProcessor(new() { Resize = false });
        Assert.Equal(new ImageGrid(1, 2, 4), processor.Process(Noise(56, 28, 1)).Grid);
        Assert.Contains("28", Assert.Throws<ImageFormatException>(() => processor.Process(Noise(56, 29, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResizedSize_AnySizeAndSettings_IsWholeBlocksWithinTheBoundsOrRefused()
    {
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            long min = Spread(random, 200_000), max = min + Spread(random, 20_000_000) - 1;
            var options = new Qwen2VlImageProcessorOptions
            {
                PatchSize = (int)Spread(random, 40),
                MergeSize = (int)Spread(random, 4),
                MinPixels = min,
                MaxPixels = max,
            };
            var size = new ImageSize((int)Spread(random, 65_535), (int)Spread(random, 65_535));
            int block = options.PatchSize * options.MergeSize;
            ImageSize resized;
            try
            {
                resized = new Qwen2VlImageProcessor(options).ResizedSize(size);
            }
            catch (ImageFormatException)
            {
                Assert.True(Math.Max(size.Width, size.Height) > 200L * Math.Min(size.Width, size.Height), $"{size} was refused");
                continue;
            }

            Assert.True(resized.Width >= block && resized.Height >= block, $"{size} became {resized}");
            Assert.Equal((0, 0), (resized.Width % block, resized.Height % block));

            // Enlarging rounds up, and an edge of less than a block becomes one.
            long pixels = (long)resized.Width * resized.Height, rounding = (long)block * (resized.Width + resized.Height + block);
            Assert.True(
                pixels <= Math.Max(max, min + rounding) || Math.Min(resized.Width, resized.Height) == block,
                $"{size} became {resized} of at most {max} pixels");
        }
    }

    [Fact]
    public void Process_AnySize_GivesAConsistentResultOrOurException()
    {
        var random = new Random(7);
        var processor = new Qwen2VlImageProcessor(new() { MaxPixels = 50_176 });
        int refused = 0;
        for (int i = 0; i < 150; i++)
        {
            (int width, int height) = i < 30
                ? (random.Next(1, 3001), random.Next(1, 3001))
                : ((int)Spread(random, 3000), (int)Spread(random, 3000));
            try
            {
                ProcessedImage image = processor.Process(Noise(width, height, i));
                Assert.Equal([(long)image.Grid.Rows * image.Grid.Columns, 1176], image.Shape);
                Assert.Equal(image.Shape[0] * image.Shape[1], image.Values.Length);
                Assert.Equal((1, 0, 0), (image.Grid.Frames, image.Grid.Rows % 2, image.Grid.Columns % 2));
                Assert.DoesNotContain(image.Values, value => !float.IsFinite(value) || Math.Abs(value) > 3);
            }
            catch (ImageFormatException)
            {
                refused++;
                Assert.True(Math.Max(width, height) > 200 * Math.Min(width, height), $"{width}x{height} was refused");
            }
        }

        Assert.InRange(refused, 1, 100);
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    /// <summary>1 to <paramref name="most"/>, small numbers as often as large ones.</summary>
    private static long Spread(Random random, long most) => Math.Clamp((long)Math.Exp(random.NextDouble() * Math.Log(most + 1)), 1, most);

    private static RgbImage Noise(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
