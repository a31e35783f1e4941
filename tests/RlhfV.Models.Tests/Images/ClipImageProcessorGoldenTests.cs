using System.Text.RegularExpressions;
using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>
/// The whole CLIP path against transformers: <c>PICTURE/KINDsize.levels</c> and <c>.pixel_values</c>, KIND being crop or pad, with _exif
/// where the picture was turned upright before.
/// </summary>
[Trait("Category", "Golden")]
public sealed partial class ClipImageProcessorGoldenTests
{
    public static TheoryData<string> Cases =>
        GoldenPictures.Present ? [.. GoldenPictures.Expected.Names.Where(name => CaseName().IsMatch(name))] : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Process_AnyPicture_GivesTheReferencesValues(string name)
    {
        var parts = CaseName().Match(name);
        int edge = int.Parse(parts.Groups["size"].Value);
        var processor = new ClipImageProcessor(new()
        {
            ShortestEdge = edge,
            CropSize = new(edge, edge),
            PadToSquare = parts.Groups["kind"].Value == "pad",
        });

        var actual = processor.Process(GoldenPictures.Rgb(parts.Groups["picture"].Value, upright: parts.Groups["exif"].Success));

        var expected = GoldenPictures.Expected[name];
        if (parts.Groups["what"].Value == "levels")
        {
            GoldenPictures.AssertValuesOfLevels(expected, GoldenPictures.Expected["lut/clip_mean_std"], actual);
        }
        else
        {
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(expected.ToFloats(), actual.Values);
        }
    }

    [Theory]
    [InlineData("clip_mean_std")]
    [InlineData("half")]
    public void Values_OfEveryLevel_AreTheReferencesTable(string name)
    {
        Assert.SkipUnless(GoldenPictures.Present, "hf/imageproc is not in this root");
        double[] half = [0.5, 0.5, 0.5];
        bool clip = name == "clip_mean_std";
        var table = new PixelNormalization(1.0 / 255, clip ? ClipImageProcessorOptions.ClipMean : half, clip ? ClipImageProcessorOptions.ClipStd : half);

        float[] actual = [.. from channel in Enumerable.Range(0, 3) from level in Enumerable.Range(0, 256) select table[channel, level]];

        Assert.Equal(GoldenPictures.Expected["lut/" + name].ToFloats(), actual);
    }

    [Theory]
    [InlineData("llava", "checkpoint")]
    [InlineData("llava", "original", "clip-vision-tower")]
    public void Load_SettingsOfNowAndOfBefore2023_GiveTheSameValues(params string[] folder)
    {
        string[] path = ["hf", .. folder];
        Assert.SkipUnless(GoldenData.Has([.. path, ImageProcessor.FileName]), $"{string.Join('/', path)} is not in this root");
        var processor = Assert.IsType<ClipImageProcessor>(ImageProcessor.Load(GoldenData.Path(path)));
        int edge = processor.Options.ShortestEdge!.Value;
        var image = new RgbImage(3, 2, [.. Enumerable.Range(0, 18).Select(level => (byte)(level * 14))]);

        var plain = new ClipImageProcessor(new() { ShortestEdge = edge, CropSize = new(edge, edge) });

        Assert.Equal(plain.Process(image).Values, processor.Process(image).Values);
        Assert.Equal([3, edge, edge], processor.Process(image).Shape);
    }

    [GeneratedRegex(@"^(?<picture>[^/]+)/(?<kind>crop|pad)(?<exif>_exif)?(?<size>\d+)\.(?<what>levels|pixel_values)$")]
    private static partial Regex CaseName();
}
