using System.Text.RegularExpressions;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>
/// The whole CLIP path against transformers: <c>PICTURE/KINDsize.levels</c> and <c>.pixel_values</c>, KIND being crop or pad, with _exif
/// where the picture was turned upright before.
/// </summary>
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
        var table = name == "half"
            ? new PixelNormalization(1.0 / 255, PixelNormalization.Halves, PixelNormalization.Halves)
            : new PixelNormalization(1.0 / 255, ClipImageProcessorOptions.ClipMean, ClipImageProcessorOptions.ClipStd);

        float[] actual = [.. from channel in Enumerable.Range(0, 3) from level in Enumerable.Range(0, 256) select table[channel, level]];

        Assert.Equal(GoldenPictures.Expected["lut/" + name].ToFloats(), actual);
    }

    [GeneratedRegex(@"^(?<picture>[^/]+)/(?<kind>crop|pad)(?<exif>_exif)?(?<size>\d+)\.(?<what>levels|pixel_values)$")]
    private static partial Regex CaseName();
}
