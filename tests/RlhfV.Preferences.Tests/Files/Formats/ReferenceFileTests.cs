using System.Text.Json;
using RlhfV.Goldens;

namespace RlhfV.Preferences.Tests.Files.Formats;

/// <summary>
/// Reads every file of the stored data sets, found by its layout, and compares it with the expected rows; writes the same rows and reads
/// them again.
/// </summary>
[Trait("Category", "Golden")]
public sealed class ReferenceFileTests
{
    public static TheoryData<string> Files
    {
        get
        {
            string root = GoldenData.Path("rlhfv", "g_data");
            string[] patterns = ["*.parquet", "*.jsonl", "tsv/*.tsv", "llama_factory/*.json"];
            return
            [
                .. patterns.Where(_ => Directory.Exists(root))
                    .SelectMany(pattern => Directory.Exists(Path.Combine(root, Path.GetDirectoryName(pattern)!))
                        ? Directory.GetFiles(root, pattern) : [])
                    .Where(path => Path.GetFileName(path) != "dataset_info.json")
                    .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
                    .Order(StringComparer.Ordinal)
                    .DefaultIfEmpty("")
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_ReferenceFile_GivesTheExpectedRows(string name)
    {
        Assert.SkipWhen(name.Length == 0, $"{GoldenData.Root} holds no data sets");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "g_data", "expected.json")));
        JsonElement[] rows = [.. expected.RootElement.GetProperty("rows").EnumerateArray()];

        PreferenceExample[] examples = [.. Read(name)];

        Assert.Equal(rows.Length, examples.Length);
        foreach ((JsonElement row, PreferenceExample example) in rows.Zip(examples))
        {
            Assert.Equal(row.GetProperty("question").GetString(), example.Prompt);
            Assert.Equal(row.GetProperty("chosen").GetString(), example.Chosen);
            Assert.Equal(row.GetProperty("rejected").GetString(), example.Rejected);
            Assert.Equal(Path.GetFileName(row.GetProperty("image_path").GetString()), Path.GetFileName(example.Image!.Path));
            Assert.Equal("image/png", example.Image.MediaType);
            Assert.Equal(
                (row.GetProperty("width").GetInt32(), row.GetProperty("height").GetInt32()), SizeOfPng(example.Image.Bytes!.Value.Span));
            Assert.Equal(name.Contains("logp", StringComparison.Ordinal), example.ReferenceLogProbs is not null);
            if (HoldsOrigin(name))
            {
                Assert.Equal(row.GetProperty("origin_dataset").GetString(), example.Origin.SourceDataset);
                Assert.Equal(row.GetProperty("origin_split").GetProperty("model").GetString(), example.Origin.Model);
                Assert.Equal(row.GetProperty("origin_split").GetProperty("type").GetString(), example.Origin.QuestionType);
                Assert.Equal(row.GetProperty("idx").GetRawText(), example.Origin.Id);
                Assert.Equal(row.GetProperty("image_path").GetString(), example.Image.Path);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Write_RowsOfTheReference_ReadBackEqual(string name)
    {
        Assert.SkipWhen(name.Length == 0, $"{GoldenData.Root} holds no data sets");
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = [.. Read(name)];
        IPreferenceFormat format = PreferenceFormats.Detect(GoldenData.Path("rlhfv", "g_data", name));
        string path = folder.File($"copy-{examples.Length}{format.Extension}");

        PreferenceFile.Write(path, examples, new PreferenceWriteOptions { Format = format });

        Assert.Same(format, PreferenceFormats.Detect(path));
        Assert.Equal(examples, PreferenceFile.Read(path));
    }

    [Fact]
    public void Read_LogProbs_HaveTheReferenceOrder()
    {
        Assert.SkipUnless(
            GoldenData.Has("rlhfv", "g_data", "RLHFV_SFT_with_logp.parquet"), $"{GoldenData.Root} holds no log-probabilities");

        PreferenceExample[] parquet = [.. Read("RLHFV_SFT_with_logp.parquet")];

        Assert.All(parquet, example =>
        {
            ReferenceLogProbs values = example.ReferenceLogProbs!;
            Assert.True(values.ChosenPerToken.Count > 0 && values.RejectedPerToken.Count > 0);
            Assert.True(values.ChosenSum < values.ChosenMean && values.ChosenMean < 0);
            Assert.True(values.RejectedSum < values.RejectedMean && values.RejectedMean < 0);
        });
        foreach (string other in Files.Select(row => row.Data).Where(name => name.Contains("logp", StringComparison.Ordinal)))
            Assert.Equal(parquet.Select(example => example.ReferenceLogProbs), Read(other).Select(example => example.ReferenceLogProbs));
    }

    private static IEnumerable<PreferenceExample> Read(string name)
    {
        // The file names of TRL's JSON lines stand alone: the pictures are stored once, for LLaMA-Factory.
        var options = name.EndsWith(".jsonl", StringComparison.Ordinal)
            ? new PreferenceReadOptions { ImageRoot = GoldenData.Path("rlhfv", "g_data", "llama_factory", "images") }
            : null;
        return PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", name), options);
    }

    private static bool HoldsOrigin(string name) =>
        !name.StartsWith("trl", StringComparison.Ordinal) && !name.EndsWith(".json", StringComparison.Ordinal);

    private static (int Width, int Height) SizeOfPng(ReadOnlySpan<byte> png) => (
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png[16..]),
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png[20..]));
}
