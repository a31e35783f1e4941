using System.Text.RegularExpressions;
using RlhfV.Goldens;

namespace RlhfV.Models.Tests.Images;

/// <summary>Expectations that no test would compare fail here instead of passing in silence.</summary>
public sealed partial class ImageCoverageGoldenTests
{
    [Fact]
    public void Expectations_OfPictures_AreAllCompared()
    {
        Assert.SkipUnless(GoldenPictures.Present, "hf/imageproc is not in this root.");

        string[] unknown = [.. GoldenPictures.Expected.Names.Concat(GoldenPictures.DecodedRgb.Names).Where(name => !Known().IsMatch(name))];
        string[] undecoded = [.. Directory.GetFiles(GoldenData.Path("hf", "imageproc", "inputs")).Select(Path.GetFileName)
            .Where(file => !GoldenPictures.DecodedRgb.Contains(file + "/as_stored"))!];

        Assert.Empty(unknown);
        Assert.Empty(undecoded);
    }

    [GeneratedRegex(
        @"^(lut/(clip_mean_std|half)|resize/(bicubic|bilinear|lanczos)/\d+x\d+|[^/]+/(as_stored|exif_transposed)"
        + @"|[^/]+/(crop|pad)(_exif)?\d+\.(levels|pixel_values)|[^/]+/idefics3(_nosplit)?_\d+_\d+\.levels)$")]
    private static partial Regex Known();
}
