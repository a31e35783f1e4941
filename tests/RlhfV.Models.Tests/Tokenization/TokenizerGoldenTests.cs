using System.Text.Json;
using RlhfV.Goldens;

namespace RlhfV.Models.Tokenization.Tests;

[Trait("Category", "Golden")]
public class TokenizerGoldenTests
{
    private static readonly TextTokenizerOptions Slow = new() { Source = TokenizerSource.SentencePiece };

    public static TheoryData<string> IdFiles =>
        GoldenData.Has("hf", "tokenizers")
            ? [.. Directory.GetFiles(GoldenData.Path("hf", "tokenizers"), "*.json").Select(Name).Order()]
            : [];

    public static TheoryData<string> IdFilesWithModel => [.. IdFiles.Select(f => f.Data).Where(f => File.Exists(
        Path.Combine(Checkpoint(IdGoldens.Read(GoldenData.Path("hf", "tokenizers", f))), "tokenizer.model")))];

    public static TheoryData<string> Families => GoldenData.Has("hf")
        ? [.. Directory.GetDirectories(GoldenData.Path("hf")).Select(Name)
            .Where(n => GoldenData.Has("hf", n, "expected.json") && n != "imageproc").Order()]
        : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(IdFiles))]
    public void Encode_StoredTexts_GivesTheIdsOfTheReference(string file)
    {
        IdGoldens goldens = IdGoldens.Read(GoldenData.Path("hf", "tokenizers", file));
        goldens.Check(TextTokenizer.Load(Checkpoint(goldens)));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(IdFilesWithModel))]
    public void Encode_StoredTextsWithTheModelBesideIt_GivesTheSameIds(string file)
    {
        IdGoldens goldens = IdGoldens.Read(GoldenData.Path("hf", "tokenizers", file));
        goldens.Check(TextTokenizer.Load(Checkpoint(goldens), Slow));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(IdFiles))]
    public void Append_StoredTexts_GivesThemBackPieceByPiece(string file)
    {
        IdGoldens goldens = IdGoldens.Read(GoldenData.Path("hf", "tokenizers", file));
        TextTokenizer tokenizer = TextTokenizer.Load(Checkpoint(goldens));
        foreach (IdGoldens.Row row in goldens.Rows)
        {
            TextStreamDecoder decoder = tokenizer.CreateStreamDecoder();
            Assert.Equal(row.DecodedSkipSpecial, string.Concat([.. row.IdsWithoutSpecial.Select(decoder.Append), decoder.Flush()]));
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void Decode_GeneratedIds_GivesTheTextOfTheReference(string family)
    {
        TextTokenizer tokenizer = TextTokenizer.Load(GoldenData.Path("hf", family, "checkpoint"));
        GoldenTensors tensors = GoldenTensors.LoadGolden("hf", family, "expected.safetensors");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", family, "expected.json")));
        int count = 0;
        foreach (JsonProperty entry in document.RootElement.GetProperty("cases").EnumerateObject())
        {
            if (!entry.Value.TryGetProperty("generated_text", out JsonElement texts))
                continue;
            GoldenTensor generated = tensors[$"{entry.Name}.generated_ids"];
            int[][] rows = [.. generated.ToLongs().Select(i => (int)i).Chunk((int)generated.Shape[^1])];
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.Equal(texts[i].GetString(), tokenizer.Decode(rows[i]));
                Assert.Equal(
                    entry.Value.GetProperty("generated_text_with_special")[i].GetString(),
                    tokenizer.Decode(rows[i], skipSpecialTokens: false));
                count++;
            }
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void Encode_PlainTexts_GivesTheIdsOfSentencePiece()
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "tokenizer"), "rlhfv/tokenizer is not in this root.");
        TextTokenizer tokenizer = TextTokenizer.Load(GoldenData.Path("rlhfv", "tokenizer"), Slow);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "tokenizer", "plain_text.json")));
        int compared = 0;
        foreach (JsonElement row in document.RootElement.EnumerateObject()
            .First(p => p.Value.ValueKind == JsonValueKind.Array).Value.EnumerateArray())
        {
            // SentencePiece itself has no special tokens in text; the tokenizer around it cuts them out.
            string text = row.GetProperty("text").GetString()!;
            if (text.Contains("<s>") || text.Contains("</s>") || text.Contains("<unk>"))
                continue;
            IReadOnlyList<int> ids = tokenizer.Encode(text, addSpecialTokens: false);
            Assert.Equal(row.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()), ids);
            Assert.Equal(row.GetProperty("pieces").EnumerateArray().Select(p => p.GetString()), ids.Select(i => tokenizer.Token(i)));
            compared++;
        }

        Assert.True(compared > 0);
    }

    private static string Checkpoint(IdGoldens goldens) => Path.GetDirectoryName(GoldenData.Path("hf", goldens.Tokenizer))!;

    private static string Name(string path) => Path.GetFileName(path);
}
