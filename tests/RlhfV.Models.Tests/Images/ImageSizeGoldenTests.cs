using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>The size arithmetic of the families against the reference's table, one row per picture size.</summary>
public sealed class ImageSizeGoldenTests
{
    public static TheoryData<string> Rows
    {
        get
        {
            if (!GoldenPictures.Present)
            {
                return [];
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "imageproc", "expected.json")));
            return [.. document.RootElement.GetProperty("size_tables").EnumerateArray().Select(row => row.GetRawText())];
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public void Sizes_OfEveryFamily_AreTheReferences(string text)
    {
        using var document = JsonDocument.Parse(text);
        var row = document.RootElement;
        var size = new ImageSize(row.GetProperty("w").GetInt32(), row.GetProperty("h").GetInt32());
        int compared = 0;
        foreach (var member in row.EnumerateObject())
        {
            string[] parts = member.Name.Split('_');
            int[] numbers = [.. parts.Where(part => int.TryParse(part, out _)).Select(int.Parse)];
            switch (parts[0])
            {
                case "clip":
                    Assert.Equal(Size(member.Value), ClipImageProcessor.ShortestEdgeSize(size, numbers[0]));
                    break;
                case "qwen":
                    var smart = Qwen2VLImageProcessor.SmartSize(size, numbers[0], numbers[1], numbers[2]);
                    Assert.Equal(member.Value.ValueKind == JsonValueKind.String ? null : Size(member.Value), smart);
                    break;
                case "idefics3":
                    var first = Idefics3ImageProcessor.FirstSize(size, numbers[0]);
                    Assert.Equal(Size(member.Value.GetProperty("first_resize_hw")), first);
                    var tiled = Idefics3ImageProcessor.TiledSize(first, numbers[1]);
                    Assert.Equal(Size(member.Value.GetProperty("tiled_hw")), tiled);
                    break;
                default:
                    Assert.Contains(member.Name, (string[])["h", "w"]);
                    continue;
            }

            compared++;
        }

        Assert.True(compared > 0, "The row holds no sizes.");
    }

    private static ImageSize Size(JsonElement heightAndWidth) => new(heightAndWidth[1].GetInt32(), heightAndWidth[0].GetInt32());
}
