using System.Text.Json;
using RlhfV.Goldens;

namespace RlhfV.Preferences.Tests.Files.Formats;

public sealed class RlhfVParquetFormatTests
{
    public static TheoryData<string> Files => ["rlhf-v.parquet", "RLHFV_SFT_with_logp.parquet"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_ReferenceFile_GivesItsRows(string name)
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "g_data", name), "no data set goldens");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "g_data", "expected.json")));

        PreferenceExample[] examples = [.. PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", name))];

        JsonElement[] rows = [.. expected.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(rows.Length, examples.Length);
        foreach ((JsonElement row, PreferenceExample example) in rows.Zip(examples))
        {
            Assert.Equal(row.GetProperty("question").GetString(), example.Prompt);
            Assert.Equal(row.GetProperty("chosen").GetString(), example.Chosen);
            Assert.Equal(row.GetProperty("rejected").GetString(), example.Rejected);
            Assert.Equal(row.GetProperty("origin_dataset").GetString(), example.Origin.SourceDataset);
            Assert.Equal(row.GetProperty("origin_split").GetProperty("model").GetString(), example.Origin.Model);
            Assert.Equal(row.GetProperty("origin_split").GetProperty("type").GetString(), example.Origin.QuestionType);
            Assert.Equal(row.GetProperty("idx").GetRawText(), example.Origin.Id);
            Assert.Equal(row.GetProperty("image_path").GetString(), example.Image?.Path);
            Assert.Equal("image/png", example.Image?.MediaType);
            Assert.Equal(name.Contains("logp", StringComparison.Ordinal), example.ReferenceLogProbs is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Write_ReferenceRows_ReadBackEqual(string name)
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "g_data", name), "no data set goldens");
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = [.. PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", name))];

        PreferenceFile.Write(folder.File("copy.parquet"), examples);

        Assert.Equal(examples, PreferenceFile.Read(folder.File("copy.parquet")));
    }
}
