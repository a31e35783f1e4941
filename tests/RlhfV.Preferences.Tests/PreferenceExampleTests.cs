using System.Text.Json;

namespace RlhfV.Preferences.Tests;

public sealed class PreferenceExampleTests
{
    [Fact]
    public void Equals_SeparatelyMadeExamples_CompareByValue()
    {
        PreferenceExample first = Full(), second = Full();

        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    [Fact]
    public void Equals_AnyPartChanged_IsFalse()
    {
        PreferenceExample example = Full();
        PreferenceExample[] changed =
        [
            example with { Prompt = "x" },
            example with { Chosen = "x" },
            example with { Rejected = "x" },
            example with { Image = null },
            example with { Image = PreferenceImage.FromBytes((byte[])[.. Samples.Png, 1], "pictures/0.png") },
            example with { Image = example.Image! with { Path = "x" } },
            example with { MoreImages = [] },
            example with { ImagePlaces = [] },
            example with { ImagePlaces = [new(1, 0), new(1, 2), new(1, 4)] },
            example with { MoreImages = [.. example.MoreImages.Reverse()] },
            example with { MoreImages = [example.MoreImages[0], example.MoreImages[1] with { Path = "x" }] },
            example with { Segments = [] },
            example with { Segments = [example.Segments[0], example.Segments[1] with { Type = HallucinationType.Other }] },
            example with { History = [] },
            example with { History = [new(PreferenceRole.System, "b")] },
            example with { Origin = PreferenceOrigin.Unknown },
            example with { ReferenceLogProbs = null },
            example with { ReferenceLogProbs = example.ReferenceLogProbs! with { RejectedPerToken = [-9] } },
        ];

        Assert.All(changed, other => Assert.NotEqual(example, other));
    }

    [Fact]
    public void Serialize_Example_ComesBackEqualAndCompact()
    {
        string json = JsonSerializer.Serialize(Full(), PreferenceJson.Options);
        string small = JsonSerializer.Serialize(
            new PreferenceExample { Prompt = "<a>", Chosen = "é", Rejected = "🙂" }, PreferenceJson.Options);

        Assert.Equal(Full(), JsonSerializer.Deserialize<PreferenceExample>(json, PreferenceJson.Options));
        Assert.Equal(Full(), JsonSerializer.Deserialize(json, PreferenceJsonContext.Default.PreferenceExample));
        Assert.Equal("""{"prompt":"<a>","chosen":"é","rejected":"🙂"}""", small.Replace("\\uD83D\\uDE42", "🙂", StringComparison.Ordinal));
    }

    [Fact]
    public void Deserialize_NullLists_AreEmptyOrRefused() => Assert.Throws<JsonException>(
        () => JsonSerializer.Deserialize<PreferenceExample>(
            """{"prompt":"p","chosen":"c","rejected":"r","segments":null}""", PreferenceJson.Options));

    [Fact]
    public void MediaType_FirstBytes_TellTheFormat()
    {
        Assert.Equal("image/png", ImageSignature.MediaType(Samples.Png));
        Assert.Equal("image/jpeg", ImageSignature.MediaType([0xFF, 0xD8, 0xFF, 0xE0]));
        Assert.Equal("image/gif", ImageSignature.MediaType("GIF89a"u8));
        Assert.Equal("image/webp", ImageSignature.MediaType("RIFF1234WEBPVP8 "u8));
        Assert.Equal("image/tiff", ImageSignature.MediaType([0x49, 0x49, 0x2A, 0x00]));
        Assert.Equal("image/bmp", ImageSignature.MediaType([0x42, 0x4D, 1, 2, 3, 4, 0, 0, 0, 0]));
        Assert.Null(ImageSignature.MediaType("<svg"u8));
        Assert.Null(ImageSignature.MediaType([]));
        Assert.Null(PreferenceImage.FromPath("a.png").MediaType);
    }

    [Fact]
    public void HallucinationType_Default_IsOther() => Assert.Equal(HallucinationType.Other, default);

    [Fact]
    public void Images_NoneToThree_AreAllInOrder()
    {
        PreferenceImage[] images = Samples.Pictures(3);

        Assert.Empty(Samples.Example().WithImages([]).Images);
        Assert.Equal(images[..1], Samples.Example().WithImages(images[..1]).Images);
        PreferenceExample three = Samples.Example().WithImages(images);
        Assert.Equal((images[0], 2), (three.Image, three.MoreImages.Count));
        Assert.Equal(images, three.Images);
        Assert.Equal(Samples.Example(), three with { Image = Samples.Example().Image, MoreImages = [] });
        Assert.Empty((three with { MoreImages = null! }).MoreImages);
        Assert.Empty((three with { ImagePlaces = null! }).ImagePlaces);
        PreferenceExample placed = three with { ImagePlaces = [new(0, 0), new(0, 1), new(0, 2)] };
        Assert.Equal(placed.ImagePlaces, placed.WithImages([images[2], images[1], images[0]]).ImagePlaces);
        Assert.Empty(placed.WithImages(images[1..]).ImagePlaces);
        Assert.Equal("images", Assert.Throws<ArgumentException>(() => three.WithImages([null!])).ParamName);
    }

    [Fact]
    public void Serialize_OnePictureOrNone_LooksAsBefore()
    {
        var example = new PreferenceExample { Prompt = "p", Chosen = "c", Rejected = "r" };

        Assert.Equal(
            """{"prompt":"p","chosen":"c","rejected":"r","image":{"path":"a.png"}}""",
            JsonSerializer.Serialize(example with { Image = PreferenceImage.FromPath("a.png") }, PreferenceJson.Options));
        Assert.Equal(
            """{"prompt":"p","chosen":"c","rejected":"r","image":{"path":"a.png"},"more_images":[{"path":"b.png"}]}""",
            JsonSerializer.Serialize(
                example.WithImages([PreferenceImage.FromPath("a.png"), PreferenceImage.FromPath("b.png")]), PreferenceJson.Options));
    }

    private static PreferenceExample Full() => Samples.Example() with
    {
        MoreImages = Samples.Pictures(3)[1..],
        ImagePlaces = [new(1, 0), new(1, 2), new(1, 3)],
        History = [new(PreferenceRole.System, "a")],
        ReferenceLogProbs = new ReferenceLogProbs
        {
            ChosenSum = -3,
            ChosenMean = -1.5,
            ChosenPerToken = [-1, -2],
            RejectedSum = -4,
            RejectedMean = -4,
            RejectedPerToken = [-4],
        },
    };
}
