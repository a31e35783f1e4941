using System.Text.Json;
using System.Text.RegularExpressions;
using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>Tiles against transformers: <c>PICTURE/idefics3_LONGEST_TILE.levels</c>, "nosplit" where splitting was off.</summary>
public sealed partial class Idefics3ImageProcessorGoldenTests
{
    private static readonly Lazy<JsonDocument> Document = new(() => JsonDocument.Parse(
        File.ReadAllBytes(GoldenData.Path("hf", "imageproc", "expected.json"))));

    public static TheoryData<string> Cases =>
        GoldenPictures.Present ? [.. GoldenPictures.Expected.Names.Where(name => CaseName().IsMatch(name))] : [];

    public static TheoryData<string, int, int> Divisions
    {
        get
        {
            var rows = new TheoryData<string, int, int>();
            if (GoldenPictures.Present)
            {
                foreach (var picture in Document.Value.RootElement.GetProperty("images").EnumerateObject())
                {
                    foreach (var member in picture.Value.EnumerateObject())
                    {
                        var parts = CaseName().Match($"{picture.Name}/{member.Name}.levels");
                        if (parts.Success)
                        {
                            rows.Add(picture.Name, int.Parse(parts.Groups["longest"].Value), int.Parse(parts.Groups["tile"].Value));
                        }
                    }
                }
            }

            return rows;
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Process_AnyPicture_GivesTheReferencesFrames(string name)
    {
        var parts = CaseName().Match(name);
        var processor = new Idefics3ImageProcessor(new()
        {
            LongestEdge = int.Parse(parts.Groups["longest"].Value),
            TileEdge = int.Parse(parts.Groups["tile"].Value),
            Split = !parts.Groups["nosplit"].Success,
        });

        var actual = processor.Process(GoldenPictures.Rgb(parts.Groups["picture"].Value));

        GoldenPictures.AssertValuesOfLevels(GoldenPictures.Expected[name], GoldenPictures.Expected["lut/half"], actual);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Divisions))]
    public void Process_AnyPicture_DividesItAsTheReference(string picture, int longest, int tile)
    {
        var expected = Document.Value.RootElement.GetProperty("images").GetProperty(picture).GetProperty($"idefics3_{longest}_{tile}");
        var processor = new Idefics3ImageProcessor(new() { LongestEdge = longest, TileEdge = tile });

        var actual = processor.Process(GoldenPictures.Rgb(picture));

        int Number(string key) => expected.GetProperty(key).GetInt32();
        Assert.Equal(new ImageGrid(Number("frames"), Number("rows"), Number("cols")), actual.Grid);
        Assert.Equal([Number("frames"), 3L, tile, tile], actual.Shape);
    }

    [GeneratedRegex(@"^(?<picture>[^/]+)/idefics3(?<nosplit>_nosplit)?_(?<longest>\d+)_(?<tile>\d+)\.levels$")]
    private static partial Regex CaseName();
}
