using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parquet;
using RlhfV.Goldens;
using SchemaElement = Parquet.Meta.SchemaElement;

namespace RlhfV.Preferences.Tests.Files.Formats;

/// <summary>What we write has the form of what the reference's own tools wrote: same columns and types, same JSON, same index.</summary>
[Trait("Category", "Golden")]
public sealed class ReferenceFormTests
{
    [Theory]
    [InlineData("rlhf-v.parquet")]
    [InlineData("RLHFV_SFT_with_logp.parquet")]
    [InlineData("rlaif-v.parquet")]
    [InlineData("rlaif-v_with_logps.parquet")]
    public async Task Write_Parquet_HasTheReferenceSchema(string name)
    {
        using var folder = new TemporaryFolder();
        string reference = Require(name);
        PreferenceFile.Write(
            folder.File("ours.parquet"),
            PreferenceFile.Read(reference),
            new PreferenceWriteOptions { Format = PreferenceFormats.Detect(reference) });

        Assert.Equal(await DescribeAsync(reference), await DescribeAsync(folder.File("ours.parquet")));
    }

    [Fact]
    public async Task Write_Parquet_TellsDatasetsWhichColumnIsAPicture()
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(folder.File("ours.parquet"), [Samples.Example()]);

        JsonNode features = JsonNode.Parse(await FeaturesAsync(folder.File("ours.parquet")))!;

        Assert.Equal("Image", (string?)features["info"]!["features"]!["image"]!["_type"]);
        Assert.True(JsonNode.DeepEquals(features, JsonNode.Parse(await FeaturesAsync(Require("rlhf-v.parquet")))));
    }

    [Theory]
    [InlineData("rlhf-v.parquet")]
    [InlineData("RLHFV_SFT_with_logp.parquet")]
    public void Write_TextColumn_HasTheReferenceKeysInOrder(string name)
    {
        // The reference's log-probability writer asserts exactly these keys in this order.
        foreach (PreferenceExample example in PreferenceFile.Read(Require(name)))
        {
            using JsonDocument text = JsonDocument.Parse(AnswersJson.Write(example));
            string[] expected = name.Contains("logp", StringComparison.Ordinal)
                ? ["question", "chosen", "rejected", "logps"]
                : ["question", "chosen", "rejected"];
            Assert.Equal(expected, text.RootElement.EnumerateObject().Select(property => property.Name));
        }
    }

    [Fact]
    public void Write_LlamaFactory_EqualsTheReferenceJson()
    {
        using var folder = new TemporaryFolder();
        string reference = Require("llama_factory", "rlhf_v.json");

        PreferenceFile.Write(
            folder.File("rlhf_v.json"), PreferenceFile.Read(reference), new PreferenceWriteOptions { KeepDetails = false });

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(reference)), JsonNode.Parse(File.ReadAllText(folder.File("rlhf_v.json")))));
        JsonNode info = JsonNode.Parse(File.ReadAllText(folder.File("dataset_info.json")))!;
        JsonNode expected = JsonNode.Parse(File.ReadAllText(Require("llama_factory", "dataset_info.json")))!;
        Assert.True(JsonNode.DeepEquals(expected.AsObject().Single().Value, info["rlhf_v"]));
    }

    [Fact]
    public void Write_Trl_EqualsTheReferenceLines()
    {
        using var folder = new TemporaryFolder();
        string reference = Require("trl.jsonl");
        var options = new PreferenceReadOptions { ImageRoot = Require("llama_factory", "images") };

        PreferenceFile.Write(
            folder.File("trl.jsonl"),
            PreferenceFile.Read(reference, options),
            new PreferenceWriteOptions { Format = PreferenceFormats.Trl, KeepDetails = false });

        foreach ((string expected, string actual) in File.ReadLines(reference).Zip(File.ReadLines(folder.File("trl.jsonl"))))
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
    }

    public static TheoryData<string> TsvNames =>
    [
        .. (GoldenData.Has("rlhfv", "g_data", "tsv") ? Directory.GetFiles(GoldenData.Path("rlhfv", "g_data", "tsv"), "*.tsv") : ["none.tsv"])
            .Select(path => Path.GetFileNameWithoutExtension(path))
    ];

    [Theory]
    [MemberData(nameof(TsvNames))]
    public void Write_Tsv_EqualsTheReferenceRowsAndIndexesThem(string name)
    {
        using var folder = new TemporaryFolder();
        string reference = Require("tsv", name + ".tsv");

        PreferenceFile.Write(folder.File(name + ".tsv"), PreferenceFile.Read(reference));

        string[] expected = File.ReadAllLines(reference), actual = File.ReadAllLines(folder.File(name + ".tsv"));
        Assert.Equal(expected.Length, actual.Length);
        foreach ((string[] theirs, string[] ours) in expected.Select(Split).Zip(actual.Select(Split)))
        {
            Assert.Equal(theirs[..2], ours[..2]);
            Assert.True(JsonNode.DeepEquals(Decode(theirs[2]), Decode(ours[2])));
            Assert.True(JsonNode.DeepEquals(Decode(theirs[4]), Decode(ours[4])));
            Assert.Equal([theirs[3], theirs[5], theirs[6]], [ours[3], ours[5], ours[6]]);
        }

        byte[] bytes = File.ReadAllBytes(folder.File(name + ".tsv"));
        string[] index = File.ReadAllLines(folder.File(name + ".lineidx"));
        Assert.Equal(File.ReadAllLines(Require("tsv", name + ".lineidx")).Length, index.Length);
        Assert.All(index.Skip(1), offset => Assert.Equal((byte)'\n', bytes[int.Parse(offset, CultureInfo.InvariantCulture) - 1]));
    }

    private static string Require(params string[] parts)
    {
        Assert.SkipUnless(GoldenData.Has(["rlhfv", "g_data", .. parts]), $"{GoldenData.Root} holds no {string.Join('/', parts)}");
        return GoldenData.Path(["rlhfv", "g_data", .. parts]);
    }

    private static string[] Split(string line) => line.Split('\t');

    private static JsonNode? Decode(string base64) => JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(base64)));

    private static async Task<string> FeaturesAsync(string path)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        return reader.CustomMetadata["huggingface"];
    }

    private static async Task<string[]> DescribeAsync(string path)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);

        // The root's name is the writer's own business.
        return [.. reader.Metadata!.Schema.Skip(1).Select(Describe)];
    }

    private static string Describe(SchemaElement element) =>
        $"{element.Name} {element.Type} {element.RepetitionType} {element.NumChildren ?? 0} "
        + (element.LogicalType?.STRING is null ? "" : "string");
}
