using System.Text.Json;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class ImageProcessorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("processor").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, Type> Kinds => new()
    {
        { """{"image_processor_type": "CLIPImageProcessor"}""", typeof(ClipImageProcessor) },
        { """{"image_processor_type": "CLIPImageProcessorFast"}""", typeof(ClipImageProcessor) },
        { """{"feature_extractor_type": "CLIPFeatureExtractor", "size": 56}""", typeof(ClipImageProcessor) },
        { """{"image_processor_type": "LlavaImageProcessorPil"}""", typeof(ClipImageProcessor) },
        { """{"image_processor_type": "Idefics3ImageProcessor"}""", typeof(Idefics3ImageProcessor) },
        { """{"image_processor_type": "SmolVLMImageProcessorFast"}""", typeof(Idefics3ImageProcessor) },
        { """{"image_processor_type": "Qwen2VLImageProcessor"}""", typeof(Qwen2VLImageProcessor) },
        { """{"image_processor_type": "Qwen2_5_VLImageProcessor"}""", typeof(Qwen2VLImageProcessor) },
        { """{"image_processor_type": "MuffinImageProcessor"}""", typeof(MuffinImageProcessor) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FromJson_EachType_GivesItsProcessor(string json, Type type) => Assert.IsType(type, FromJson(json));

    [Theory]
    [InlineData("llava", typeof(ClipImageProcessor))]
    [InlineData("smolvlm", typeof(Idefics3ImageProcessor))]
    [InlineData("qwen2_5_vl", typeof(Qwen2VLImageProcessor))]
    [InlineData("beit3_llava", typeof(MuffinImageProcessor))]
    public void FromJson_NoTypeNamed_FollowsTheModelType(string modelType, Type type) => Assert.IsType(type, FromJson("{}", modelType));

    [Theory]
    [InlineData("{}", "image_processor_type '' is not supported")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor"}""", "'ViTImageProcessor' is not supported")]
    [InlineData("[]", "holds Array; expected a JSON object")]
    [InlineData("""{"feature_extractor_type": "CLIPFeatureExtractor", "size": 0}""", "'size' is 0; expected a whole number from 1 to 8192")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "size": "big"}""", "'size' is \"big\"")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "crop_size": {"height": 4}}""", "'crop_size' is {\"height\": 4};")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "resample": 0}""", "'resample' is 0; expected 1 (Lanczos)")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "image_mean": [1, 2]}""", "is [1, 2]; expected three numbers")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "image_std": [1, 2, 0]}""", "expected three numbers above 0")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "do_resize": 1}""", "'do_resize' is 1; expected true or false")]
    [InlineData("""{"image_processor_type": "Idefics3ImageProcessor", "size": {"height": 1}}""", "expected an object with longest_edge")]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 9, "max_pixels": 8}""", "'max_pixels' is 8; expected")]
    [InlineData("""{"image_processor_type": "MuffinImageProcessor", "size": {"height": 1, "width": 2}}""", "to be equal")]
    public void FromJson_BadSettings_SaysWhatIsExpected(string json, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => FromJson(json));

        Assert.Contains("'preprocessor_config.json'", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void FromJson_SettingsOfNowAndOfBefore2023_MeanTheSame()
    {
        var now = (ClipImageProcessor)FromJson("""
            {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 56}, "crop_size": {"height": 48, "width": 40},
             "resample": 2, "image_mean": [0.1, 0.2, 0.3], "image_std": [1, 2, 3], "rescale_factor": 0.5, "do_pad": null}
            """);
        var before = (ClipImageProcessor)FromJson("""{"feature_extractor_type": "CLIPFeatureExtractor", "size": 56, "crop_size": 48}""");

        double[] mean = [0.1, 0.2, 0.3], std = [1, 2, 3];
        var expected = new ClipImageProcessorOptions { ShortestEdge = 56, CropSize = new(48, 48) };
        Assert.Equal(expected, before.Options);
        Assert.Equal(mean, now.Options.Mean);
        Assert.Equal(std, now.Options.Std);
        Assert.Equal(
            expected with { CropSize = new(40, 48), Filter = ResamplingFilter.Bilinear, RescaleFactor = 0.5, Mean = mean, Std = std },
            now.Options with { Mean = mean, Std = std });
    }

    [Fact]
    public void FromJson_QwenLimitsUnderEitherName_AreRead()
    {
        const string both = """{"min_pixels": 784, "max_pixels": 1568, "size": {"shortest_edge": 1, "longest_edge": 2}}""";
        const string newer = """{"size": {"shortest_edge": 784, "longest_edge": 1568}, "patch_size": 16}""";
        var expected = new Qwen2VLImageProcessorOptions { MinPixels = 784, MaxPixels = 1568 };

        Assert.Equal(expected, ((Qwen2VLImageProcessor)FromJson(both, "qwen2_vl")).Options);
        Assert.Equal(expected with { PatchSize = 16 }, ((Qwen2VLImageProcessor)FromJson(newer, "qwen2_5_vl")).Options);
    }

    [Fact]
    public void Load_SettingsInsideProcessorConfig_AreFound()
    {
        File.WriteAllText(
            Path.Combine(_folder, "processor_config.json"),
            """
            {"image_seq_len": 4,
             "image_processor": {"image_processor_type": "Idefics3ImageProcessor", "max_image_size": {"longest_edge": 32}}}
            """);

        Assert.Equal(32, Assert.IsType<Idefics3ImageProcessor>(ImageProcessor.Load(_folder)).Options.TileEdge);
    }

    [Fact]
    public void Load_MuffinFolder_TakesTheSizeFromTheTowersName()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"mm_vision_tower": "beit3_large_patch16_448"}""");

        Assert.Equal(448, Assert.IsType<MuffinImageProcessor>(ImageProcessor.Load(_folder, "beit3_llava")).Edge);

        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"mm_vision_tower": "clip"}""");
        var error = Assert.Throws<InvalidDataException>(() => ImageProcessor.Load(_folder, "beit3_llava"));
        Assert.Contains("'mm_vision_tower' is \"clip\"", error.Message);
    }

    [Fact]
    public void Load_NoSettingsOrBrokenOnes_SaysWhatIsMissing()
    {
        Assert.Contains(ImageProcessor.FileName, Assert.Throws<FileNotFoundException>(() => ImageProcessor.Load(_folder, "llava")).Message);

        File.WriteAllText(Path.Combine(_folder, ImageProcessor.FileName), "{");
        Assert.Contains("is not JSON", Assert.Throws<InvalidDataException>(() => ImageProcessor.Load(_folder)).Message);
    }

    public static TheoryData<ImageProcessor> Processors =>
    [
        new ClipImageProcessor(),
        new ClipImageProcessor(new() { ShortestEdge = 30, CropSize = new(36, 20), PadToSquare = true, Filter = ResamplingFilter.Lanczos }),
        new ClipImageProcessor(new() { ShortestEdge = null, Size = new(20, 30), CropSize = null, Mean = null, Std = null }),
        new ClipImageProcessor(new() { RescaleFactor = null }),
        new ClipImageProcessor(new() { ShortestEdge = null, CropSize = null }),
        new Idefics3ImageProcessor(new() { LongestEdge = 60, TileEdge = 30 }),
        new Idefics3ImageProcessor(new() { LongestEdge = null, TileEdge = 30, Split = false }),
        new Qwen2VLImageProcessor(new() { PatchSize = 7, MergeSize = 3, TemporalPatchSize = 1, MinPixels = 500, MaxPixels = 5000 }),
        new MuffinImageProcessor(40),
    ];

    [Theory]
    [MemberData(nameof(Processors))]
    public void SaveAndLoad_AnyProcessor_ProcessesTheSame(ImageProcessor processor)
    {
        var image = TestPictures.Noise(50, 40);

        processor.Save(_folder);
        var loaded = ImageProcessor.Load(_folder);
        loaded.Save(_folder);
        var again = ImageProcessor.Load(_folder);

        Assert.Equal(processor.Process(image).Values, loaded.Process(image).Values);
        Assert.Equal(processor.Process(image).Shape, again.Process(image).Shape);
        Assert.Equal(processor.Process(image).Values, again.Process(image).Values);
        Assert.Equal([ImageProcessor.FileName], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Save_LoadedProcessor_KeepsMembersThatAreNotUsedHere()
    {
        FromJson("""{"image_processor_type": "SmolVLMImageProcessor", "video_sampling": {"fps": 1}}""").Save(_folder);

        using var saved = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, ImageProcessor.FileName)));
        Assert.Equal(1, saved.RootElement.GetProperty("video_sampling").GetProperty("fps").GetInt32());
        Assert.Equal("SmolVLMImageProcessor", saved.RootElement.GetProperty("image_processor_type").GetString());
    }

    [Fact]
    public void Process_PictureBeyondWhatAProcessorTakes_NamesThePicture()
    {
        var line = new RgbImage(65_535, 1, new byte[3 * 65_535]);
        var thin = new RgbImage(201, 1, new byte[3 * 201]);

        AssertRefused(new ClipImageProcessor(new() { PadToSquare = true }), line, "has 65535x1 pixels; padded to a square");
        AssertRefused(new Qwen2VLImageProcessor(), thin, "has 201x1 pixels; expected one edge to be at most 200 times the other");
        AssertRefused(new Qwen2VLImageProcessor(new() { Resize = false }), thin, "must be multiples of 28");
        AssertRefused(new Idefics3ImageProcessor(new() { LongestEdge = null, TileEdge = 8192 }), line, "in tiles of 8192");
    }

    [Fact]
    public void Process_LongestPicture_StaysSmall()
    {
        var line = new RgbImage(65_535, 1, new byte[3 * 65_535]);

        Assert.Equal([3, 336, 336], new ClipImageProcessor(new() { ShortestEdge = 336, CropSize = new(336, 336) }).Process(line).Shape);
        Assert.Equal([3, 448, 448], new MuffinImageProcessor().Process(line).Shape);
        Assert.Equal(new ImageGrid(5, 1, 4), new Idefics3ImageProcessor().Process(line).Grid);
    }

    [Fact]
    public void Process_MuffinAndOthers_DecodeAsTheirReferences()
    {
        Assert.Equal(ExifOrientation.Ignore, new MuffinImageProcessor().Decoding.Orientation);
        Assert.Equal(ExifOrientation.Apply, new ClipImageProcessor().Decoding.Orientation);
        Assert.Equal(ExifOrientation.Apply, new MuffinImageProcessor { Decoding = new() }.Decoding.Orientation);
    }

    private static void AssertRefused(ImageProcessor processor, RgbImage image, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageFormatException>(() => processor.Process(image)).Message);

    private static ImageProcessor FromJson(string json, string? modelType = null)
    {
        using var document = JsonDocument.Parse(json);
        return ImageProcessor.FromJson(document.RootElement, modelType);
    }
}
