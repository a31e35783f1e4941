using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>
/// Pictures of <c>hf/images</c> through the settings of each family's checkpoint: <c>CASE.pixel_values</c> (and <c>CASE.image_grid_thw</c>)
/// of <c>hf/FAMILY/expected.safetensors</c>, equal to the last bit.
/// </summary>
public sealed class FamilyPixelValuesGoldenTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string folder in GoldenData.Has("hf") ? Directory.GetDirectories(GoldenData.Path("hf")) : [])
            {
                string family = Path.GetFileName(folder);
                bool stored = GoldenData.Has("hf", family, "expected.safetensors") && GoldenData.Has("hf", family, "checkpoint");
                foreach (string name in stored ? GoldenTensors.LoadGolden("hf", family, "expected.safetensors").Names : [])
                {
                    if (name.EndsWith(".pixel_values", StringComparison.Ordinal))
                    {
                        rows.Add(family, name);
                    }
                }
            }

            return rows;
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Process_PicturesOfACase_GivesTheReferencesValues(string family, string name)
    {
        var goldens = GoldenTensors.LoadGolden("hf", family, "expected.safetensors");
        var processor = ImageProcessor.Load(GoldenData.Path("hf", family, "checkpoint"));

        ProcessedImage[] actual = [.. Pictures(family, name).Select(picture => processor.Process(ImageSource.FromFile(picture)))];

        Assert.Equal(goldens[name].ToFloats(), actual.SelectMany(image => image.Values).ToArray());
        Assert.Equal(goldens[name].Shape[^actual[0].Shape.Length..][1..], actual[0].Shape[1..]);
        string grid = name.Replace("pixel_values", "image_grid_thw");
        if (goldens.Contains(grid))
        {
            long[] divisions = [.. actual.SelectMany(image => (int[])[image.Grid.Frames, image.Grid.Rows, image.Grid.Columns])];
            Assert.Equal(goldens[grid].ToLongs(), divisions);
        }
    }

    private static IEnumerable<string> Pictures(string family, string name)
    {
        string[] parts = name.Split('.');
        if (parts[0] == "img")
        {
            return [Directory.GetFiles(GoldenData.Path("hf", "images"), parts[1] + ".*").Single()];
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", family, "expected.json")));
        return [.. document.RootElement.GetProperty("cases").GetProperty(parts[0]).GetProperty("images").EnumerateArray()
            .Select(image => GoldenData.Path("hf", "images", image.GetString()!))];
    }
}
