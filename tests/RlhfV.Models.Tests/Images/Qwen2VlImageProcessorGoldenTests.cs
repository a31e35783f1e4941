using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>
/// The size arithmetic of Qwen2-VL against the reference's tables: <c>qwen_FACTOR_MIN_MAX</c> is [height, width] or "error". Whole pictures
/// are compared with the family's checkpoint.
/// </summary>
[Trait("Category", "Golden")]
public sealed partial class Qwen2VlImageProcessorGoldenTests
{
    [Fact]
    public void ResizedSize_IsTheReferencesForEverySizeOfTheTables()
    {
        Assert.SkipUnless(GoldenPictures.Present, "hf/imageproc is not in this root");
        using JsonDocument expected = Read();
        int compared = 0;
        foreach (JsonElement row in expected.RootElement.GetProperty("size_tables").EnumerateArray())
        {
            var size = new ImageSize(row.GetProperty("w").GetInt32(), row.GetProperty("h").GetInt32());
            foreach (JsonProperty cell in row.EnumerateObject().Where(cell => ColumnName().IsMatch(cell.Name)))
            {
                int[] numbers = [.. ColumnName().Match(cell.Name).Groups.Values.Skip(1).Select(g => int.Parse(g.Value, CultureInfo.InvariantCulture))];
                AssertSize(cell.Value, new() { PatchSize = numbers[0], MergeSize = 1, MinPixels = numbers[1], MaxPixels = numbers[2] }, size);
                compared++;
            }
        }

        Assert.True(compared > 0, "the tables have no column of Qwen's");
    }

    [Fact]
    public void ResizedSize_IsTheReferencesForEveryPicture()
    {
        Assert.SkipUnless(GoldenPictures.Present, "hf/imageproc is not in this root");
        using JsonDocument expected = Read();
        foreach (JsonProperty picture in expected.RootElement.GetProperty("images").EnumerateObject())
        {
            JsonElement stored = picture.Value.GetProperty("size_wh");
            JsonElement size = picture.Value.TryGetProperty("qwen_smart_resize_hw", out JsonElement found)
                ? found
                : picture.Value.GetProperty("qwen_smart_resize_error");
            AssertSize(size, new(), new ImageSize(stored[0].GetInt32(), stored[1].GetInt32()));
        }
    }

    private static void AssertSize(JsonElement expected, Qwen2VlImageProcessorOptions options, ImageSize size)
    {
        var processor = new Qwen2VlImageProcessor(options);
        if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(new ImageSize(expected[1].GetInt32(), expected[0].GetInt32()), processor.ResizedSize(size));
        }
        else
        {
            Assert.Throws<ImageFormatException>(() => processor.ResizedSize(size));
        }
    }

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "imageproc", "expected.json")));

    [GeneratedRegex(@"^qwen_(\d+)_(\d+)_(\d+)$")]
    private static partial Regex ColumnName();
}
