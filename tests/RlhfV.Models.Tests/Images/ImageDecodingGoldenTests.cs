using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>Pixels of encoded pictures against Pillow's <c>convert("RGB")</c>: equal to the last level, JPEG included.</summary>
[Trait("Category", "Golden")]
public sealed class ImageDecodingGoldenTests
{
    public static TheoryData<string> StoredPictures => Pictures("as_stored");

    public static TheoryData<string> TurnedPictures => Pictures("exif_transposed");

    public static TheoryData<string> FamilyPictures =>
        GoldenData.Has("hf", "images") ? [.. GoldenTensors.LoadGolden("hf", "images", "decoded_rgb.safetensors").Names] : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(StoredPictures))]
    public void Decode_OrientationIgnored_GivesPillowsPixels(string picture) =>
        GoldenPictures.AssertSamePixels(
            GoldenPictures.DecodedRgb[picture + "/as_stored"],
            ImageSource.FromFile(GoldenData.Path("hf", "imageproc", "inputs", picture)).Decode(new() { Orientation = ExifOrientation.Ignore }));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(TurnedPictures))]
    public void Decode_OrientationApplied_GivesPillowsTurnedPixels(string picture) =>
        GoldenPictures.AssertSamePixels(
            GoldenPictures.DecodedRgb[picture + "/exif_transposed"],
            ImageSource.FromFile(GoldenData.Path("hf", "imageproc", "inputs", picture)).Decode());

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(FamilyPictures))]
    public void Decode_PictureOfTheFamilies_GivesPillowsPixels(string picture) =>
        GoldenPictures.AssertSamePixels(
            GoldenTensors.LoadGolden("hf", "images", "decoded_rgb.safetensors")[picture],
            ImageSource.FromFile(GoldenData.Path("hf", "images", picture)).Decode());

    private static TheoryData<string> Pictures(string kind) =>
        !GoldenPictures.Present ? []
            : [.. GoldenPictures.DecodedRgb.Names.Where(name => name.EndsWith("/" + kind, StringComparison.Ordinal))
                .Select(name => name[..name.LastIndexOf('/')])];
}
