using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>Resizing against Pillow: <c>resize/FILTER/WxH</c> of the picture "rgb_odd".</summary>
[Trait("Category", "Golden")]
public sealed class ImageResamplerGoldenTests
{
    public static TheoryData<string> Cases =>
        GoldenPictures.Present ? [.. GoldenPictures.Expected.Names.Where(name => name.StartsWith("resize/", StringComparison.Ordinal))] : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Resize_AnyFilterAndSize_GivesPillowsPixels(string name)
    {
        var expected = GoldenPictures.Expected[name];
        string source = GoldenPictures.DecodedRgb.Names.Single(key => key.StartsWith("rgb_odd", StringComparison.Ordinal));
        var filter = Enum.Parse<ResamplingFilter>(name.Split('/')[1], ignoreCase: true);

        var actual = ImageResampler.Resize(GoldenPictures.Image(GoldenPictures.DecodedRgb[source]), (int)expected.Shape[1], (int)expected.Shape[0], filter);

        GoldenPictures.AssertSamePixels(expected, actual);
    }
}
