using System.Text.Json;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class Idefics3ImageProcessorTests
{
    [Theory]
    [InlineData(1456, 364, true)]
    [InlineData(168, 56, true)]
    [InlineData(57, 64, false)]
    [InlineData(null, 40, true)]
    public void Process_AnySize_GivesWholeFramesOrOurException(int? longest, int tile, bool split)
    {
        var processor = new Idefics3ImageProcessor(new() { LongestEdge = longest, TileEdge = tile, Split = split });
        var random = new Random(tile);
        for (int round = 0; round < (tile > 100 ? 3 : 40); round++)
        {
            int width = Length(), height = Length();
            ProcessedImage result = processor.Process(new RgbImage(width, height, new byte[3 * width * height]));
            AssertConsistent(result, tile, $"{width}x{height}");
            Assert.True(split || result.Grid == new ImageGrid(1, 0, 0));
        }

        // Few pixels as often as many, so that extreme proportions come up.
        int Length() => (int)Math.Pow(3000, random.NextDouble());
    }

    [Theory]
    [InlineData(1, 65535)]
    [InlineData(65535, 1)]
    [InlineData(1, 49)]
    [InlineData(49, 1)]
    public void Process_OnePixelWide_GivesWholeFrames(int width, int height)
    {
        var image = new RgbImage(width, height, new byte[3 * width * height]);
        AssertConsistent(new Idefics3ImageProcessor(new() { LongestEdge = 2048, TileEdge = 512 }).Process(image), 512, "resized");

        // 1/49 * 49 is less than 1 in double precision: the reference ends in a picture without columns.
        AssertConsistent(new Idefics3ImageProcessor(new() { LongestEdge = 49, TileEdge = 7 }).Process(image), 7, "tiny");
    }

    [Fact]
    public void Process_LongerThanAnyPicture_IsRefused()
    {
        var image = new RgbImage(70_000, 1, new byte[210_000]);
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => new Idefics3ImageProcessor().Process(image));
        Assert.Contains("70000x1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Process_TooManyTilesWithoutResize_IsRefused()
    {
        var image = new RgbImage(65_535, 2, new byte[3 * 65_535 * 2]);
        var processor = new Idefics3ImageProcessor(new() { LongestEdge = null, TileEdge = 1024 });
        Assert.Contains("tiles of 1024", Assert.Throws<ImageFormatException>(() => processor.Process(image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Process_SettingAboveTheReferencesLimit_GivesAtMost4096Pixels()
    {
        var processor = new Idefics3ImageProcessor(new() { LongestEdge = 5000, TileEdge = 512 });
        Assert.Equal(new ImageSize(4096, 2048), processor.ResizedSize(new ImageSize(40, 20)));
        Assert.Equal(new ImageSize(2048, 4096), processor.ResizedSize(new ImageSize(20, 40)));
    }

    [Theory]
    [InlineData("""{ "size": { "longest_edge": 0 } }""", "size.longest_edge")]
    [InlineData("""{ "size": { "height": 10, "width": 10 } }""", "longest_edge")]
    [InlineData("""{ "max_image_size": 5000 }""", "4096")]
    [InlineData("""{ "max_image_size": "364" }""", "max_image_size")]
    [InlineData("""{ "do_image_splitting": 1 }""", "do_image_splitting")]
    [InlineData("""{ "image_std": [0.5, 0, 0.5] }""", "image_std")]
    [InlineData("""{ "resample": 9 }""", "resample")]
    public void FromJson_BadSettings_NamesThem(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Contains(
            expected,
            Assert.Throws<ModelFormatException>(() => ImageProcessor.FromJson(document.RootElement, "idefics3")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Idefics3ImageProcessor", "Idefics3ImageProcessor")]
    [InlineData("Idefics3ImageProcessorFast", "Idefics3ImageProcessor")]
    [InlineData("SmolVLMImageProcessor", "SmolVLMImageProcessor")]
    [InlineData("SmolVLMImageProcessorFast", "SmolVLMImageProcessor")]
    public void Save_KeepsWhatOthersRead(string type, string saved)
    {
        using var document = JsonDocument.Parse($$"""
            {
              "image_processor_type": "{{type}}", "size": { "longest_edge": 1536 }, "max_image_size": { "longest_edge": 384 },
              "do_image_splitting": false, "video_sampling": { "fps": 1, "max_frames": 64 }, "do_pad": true
            }
            """);
        string folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
        try
        {
            ImageProcessor.FromJson(document.RootElement).Save(folder);
            var again = Assert.IsType<Idefics3ImageProcessor>(ImageProcessor.Load(folder));
            Assert.Equal((1536, 384, false), (again.Options.LongestEdge, again.Options.TileEdge, again.Options.Split));
            using var written = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, ImageProcessor.FileName)));
            Assert.Equal(saved, written.RootElement.GetProperty("image_processor_type").GetString());
            Assert.Equal(64, written.RootElement.GetProperty("video_sampling").GetProperty("max_frames").GetInt32());
            Assert.True(written.RootElement.GetProperty("do_pad").GetBoolean());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertConsistent(ProcessedImage image, int tile, string what)
    {
        long frames = image.Shape[0];
        Assert.Equal([frames, 3, tile, tile], image.Shape);
        Assert.Equal(frames * 3 * tile * tile, image.Values.LongLength);
        Assert.Equal(frames, image.Grid.Frames);
        Assert.True(image.Grid is { Rows: 0, Columns: 0 } ? frames == 1 : frames == (image.Grid.Rows * image.Grid.Columns) + 1, $"{what}: {image.Grid}");
        Assert.DoesNotContain(0f, image.Values);
    }
}
