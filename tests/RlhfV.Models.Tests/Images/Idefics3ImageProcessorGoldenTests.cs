using System.Text.Json;
using System.Text.RegularExpressions;
using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>
/// The whole Idefics3 path against transformers: <c>PICTURE/idefics3_LONGEST_TILE.levels</c>, nosplit where splitting is off, and the sizes
/// between the steps.
/// </summary>
[Trait("Category", "Golden")]
public sealed partial class Idefics3ImageProcessorGoldenTests
{
    public static TheoryData<string> Cases =>
        GoldenPictures.Present ? [.. GoldenPictures.Expected.Names.Where(name => CaseName().IsMatch(name))] : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Process_AnyPicture_GivesTheReferencesFrames(string name)
    {
        Match parts = CaseName().Match(name);
        var processor = new Idefics3ImageProcessor(new()
        {
            LongestEdge = int.Parse(parts.Groups["longest"].Value),
            TileEdge = int.Parse(parts.Groups["tile"].Value),
            Split = !parts.Groups["nosplit"].Success,
        });

        ProcessedImage actual = processor.Process(GoldenPictures.Rgb(parts.Groups["picture"].Value));

        GoldenPictures.AssertValuesOfLevels(GoldenPictures.Expected[name], GoldenPictures.Expected["lut/half"], actual);
        Assert.Equal(actual.Shape[0], actual.Grid.Frames);
    }

    [Fact]
    public void Grid_OfEveryPicture_IsTheReferences()
    {
        Assert.SkipUnless(GoldenPictures.Present, "hf/imageproc is not in this root");
        int compared = 0;
        foreach (JsonProperty picture in Expected().GetProperty("images").EnumerateObject())
        {
            foreach (JsonProperty entry in picture.Value.EnumerateObject().Where(e => GridName().IsMatch(e.Name)))
            {
                Match parts = GridName().Match(entry.Name);
                var processor = new Idefics3ImageProcessor(new()
                {
                    LongestEdge = int.Parse(parts.Groups["longest"].Value),
                    TileEdge = int.Parse(parts.Groups["tile"].Value),
                });
                int Count(string key) => entry.Value.GetProperty(key).GetInt32();
                Assert.Equal(
                    new ImageGrid(Count("frames"), Count("rows"), Count("cols")), processor.Process(GoldenPictures.Rgb(picture.Name)).Grid);
                compared++;
            }
        }

        Assert.NotEqual(0, compared);
    }

    [Fact]
    public void Sizes_OfTheTables_AreTheReferences()
    {
        Assert.SkipUnless(GoldenPictures.Present, "hf/imageproc is not in this root");
        int compared = 0;
        foreach (JsonElement row in Expected().GetProperty("size_tables").EnumerateArray())
        {
            var size = new ImageSize(row.GetProperty("w").GetInt32(), row.GetProperty("h").GetInt32());
            foreach (JsonProperty entry in row.EnumerateObject().Where(e => GridName().IsMatch(e.Name)))
            {
                Match parts = GridName().Match(entry.Name);
                int tile = int.Parse(parts.Groups["tile"].Value);
                var processor = new Idefics3ImageProcessor(new() { LongestEdge = int.Parse(parts.Groups["longest"].Value), TileEdge = tile });
                ImageSize first = processor.ResizedSize(size), last = processor.TiledSize(first);
                Assert.Equal(Size(entry.Value.GetProperty("first_resize_hw")), first);
                Assert.Equal(Size(entry.Value.GetProperty("tiled_hw")), last);
                bool whole = last.Width == tile && last.Height == tile;
                Assert.Equal(Size(entry.Value.GetProperty("rows_cols")), whole ? default : new ImageSize(last.Width / tile, last.Height / tile));
                compared++;
            }
        }

        var published = new Idefics3ImageProcessor(new() { LongestEdge = 2048, TileEdge = 512 });
        foreach (JsonProperty picture in Expected().GetProperty("images").EnumerateObject())
        {
            JsonElement size = picture.Value.GetProperty("size_wh");
            Assert.Equal(
                Size(picture.Value.GetProperty("idefics3_first_resize_hw_longest_2048")),
                published.ResizedSize(new ImageSize(size[0].GetInt32(), size[1].GetInt32())));
        }

        Assert.NotEqual(0, compared);
    }

    private static JsonElement Expected()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "imageproc", "expected.json")));
        return document.RootElement.Clone();
    }

    private static ImageSize Size(JsonElement heightAndWidth) => new(heightAndWidth[1].GetInt32(), heightAndWidth[0].GetInt32());

    [GeneratedRegex(@"^(?<picture>[^/]+)/idefics3_(?<nosplit>nosplit_)?(?<longest>\d+)_(?<tile>\d+)\.levels$")]
    private static partial Regex CaseName();

    [GeneratedRegex(@"^idefics3_(?<longest>\d+)_(?<tile>\d+)$")]
    private static partial Regex GridName();
}
