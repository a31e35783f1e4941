using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

/// <summary>The evaluation transform of the official RLHF-V code: decoded pixels, resized pixels, values.</summary>
[Trait("Category", "Golden")]
public sealed class MuffinImageProcessorGoldenTests
{
    private static readonly Lazy<GoldenTensors> PixelValues = new(() => GoldenTensors.LoadGolden("rlhfv", "f_image", "pixel_values.safetensors"));

    public static TheoryData<string, string, string, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string, int>();
            if (GoldenData.Has("rlhfv", "f_image"))
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "f_image", "images.json")));
                foreach (var row in document.RootElement.GetProperty("rows").EnumerateArray())
                {
                    string Text(string key) => row.GetProperty(key).GetString()!;
                    rows.Add(Text("file"), Text("decoded"), Text("resized"), row.GetProperty("target").GetInt32());
                }
            }

            return rows;
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public void Process_AnyPicture_GivesTheReferencesPixelsAndValues(string file, string decoded, string resized, int target)
    {
        var processor = new MuffinImageProcessor(target);
        var source = Source(file);

        GoldenPictures.AssertSameLevels(Source(decoded).Decode().Pixels, source.Decode(processor.Decoding).Pixels);
        var processed = processor.Process(source);

        Assert.Equal([3, target, target], processed.Shape);
        var levels = Source(resized).Decode();
        float[] expected = new float[processed.Values.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            int plane = target * target;
            expected[i] = ((levels.Pixels[(i % plane * 3) + (i / plane)] / 255f) - 0.5f) / 0.5f;
        }

        Assert.Equal(expected, processed.Values);
        string stored = $"{file.Split('_')[0]}.{target}";
        if (PixelValues.Value.Contains(stored))
        {
            Assert.Equal(PixelValues.Value[stored].ToFloats(), processed.Values);
        }
    }

    private static ImageSource Source(string file) => ImageSource.FromFile(GoldenData.Path("rlhfv", "f_image", file));
}
