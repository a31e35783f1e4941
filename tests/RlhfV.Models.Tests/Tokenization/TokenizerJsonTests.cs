using System.Text;
using System.Text.Json.Nodes;

namespace RlhfV.Models.Tokenization.Tests;

/// <summary>
/// Parts of tokenizer.json that the stored tokenizers do not use; expectations are those of Python's tokenizers library 0.23.
/// </summary>
public class TokenizerJsonTests
{
    [Theory]
    [InlineData("a <im> b", "▁a", "<im>", "▁", "▁b")]
    [InlineData("a<end>  b", "▁a", "<end>", "▁b")]
    [InlineData("[W] x[W] [W]", "[W]", "▁", "▁", "x", "<0x5B>", "W", "<0x5D>", "▁", "[W]")]
    [InlineData("<image> <imag", "<image>", "▁", "▁", "<imag")]
    [InlineData("a norm al b", "▁a", "norm al", "▁b")]
    public void Encode_AddedTokensWithFlags_CutsAsTheReference(string text, params string[] expected)
    {
        TextTokenizer tokenizer = Load("llava", AddTokens);

        Assert.Equal(expected, Tokens(tokenizer, text));
    }

    [Fact]
    public void EncodeWithOffsets_AddedTokenThatStrips_CoversTheBlanks()
    {
        EncodedText encoded = Load("llava", AddTokens).EncodeWithOffsets("a <im> b", addSpecialTokens: false);

        Assert.Equal([new TokenSpan(0, 1), new TokenSpan(1, 5), new TokenSpan(6, 0), new TokenSpan(6, 2)], encoded.Offsets);
    }

    [Fact]
    public void Decode_NormalizedAddedToken_ComesBackWithItsBlank() =>
        Assert.Equal("a norm al b", RoundTrip(Load("llava", AddTokens), "a norm al b"));

    [Theory]
    [InlineData("first", false, " a</s>b", "▁a", "</s>", "b")]
    [InlineData("first", false, "▁a", "▁a")]
    [InlineData("always", true, "a  b</s>c", "▁a", "▁", "▁b", "</s>", "▁c")]
    [InlineData("never", false, "a b", "a", "▁b")]
    public void Encode_Metaspace_PutsMarksAsTheReference(string scheme, bool split, string text, params string[] expected)
    {
        TextTokenizer tokenizer = Load("llava", root =>
        {
            root["normalizer"] = null;
            root["pre_tokenizer"] = new JsonObject
            { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = scheme, ["split"] = split };
        });

        Assert.Equal(expected, Tokens(tokenizer, text));
    }

    [Fact]
    public void Encode_MetaspaceFirst_GivesTheIdsOfTheModeThatIsNotLegacy()
    {
        TextTokenizer tokenizer = Load("llava", root =>
        {
            root["normalizer"] = null;
            root["pre_tokenizer"] = new JsonObject
            { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "first", ["split"] = false };
        });
        using var document = System.Text.Json.JsonDocument.Parse(
            File.ReadAllBytes(RepositoryData.Path("hf", "tokenizers", "tiny-llava.json")));
        int count = 0;
        foreach (System.Text.Json.JsonElement row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            if (!row.TryGetProperty("ids_not_legacy", out System.Text.Json.JsonElement ids))
                continue;
            Assert.Equal(ids.EnumerateArray().Select(i => i.GetInt32()), tokenizer.Encode(row.GetProperty("text").GetString()!));
            count++;
        }

        Assert.True(count > 5);
    }

    [Theory]
    [InlineData("dog", "Ġdog")]
    [InlineData(" dog", "Ġdog")]
    [InlineData("1dog", "Ġ", "1", "Ġdog")]
    public void Encode_ByteLevelWithPrefix_PutsABlankBeforeEveryPiece(string text, params string[] expected) =>
        Assert.Equal(expected, Tokens(
            Load("idefics3", root => root["pre_tokenizer"]!["pretokenizers"]![1]!["add_prefix_space"] = true), text));

    [Theory]
    [InlineData(true, "▁", "<unk>", "a")]
    [InlineData(false, "▁", "<unk>", "<unk>", "a")]
    public void Encode_NoByteFallback_UsesTheUnknownToken(bool fuse, params string[] expected)
    {
        TextTokenizer tokenizer = Load("llava", root =>
        {
            root["model"]!["byte_fallback"] = false;
            root["model"]!["fuse_unk"] = fuse;
        });

        Assert.Equal(expected, Tokens(tokenizer, "日本a"));
    }

    [Fact]
    public void Encode_NormalizerThatChangesLengths_KeepsThePlaceInTheSource()
    {
        TextTokenizer tokenizer = Load("llava", root => root["normalizer"] = JsonNode.Parse("""
            {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"String": "ab"}, "content": "xyz"},
             {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
            """));

        EncodedText encoded = tokenizer.EncodeWithOffsets("e\u0301 cab", addSpecialTokens: false);

        Assert.Equal(["▁", "<0xC3>", "<0xA9>", "▁c", "x", "y", "<0x7A>"], encoded.Ids.Select(i => tokenizer.Token(i)));
        Assert.Equal([(0, 0), (0, 2), (0, 2), (2, 2), (4, 2), (4, 2), (4, 2)], encoded.Offsets.Select(o => (o.Start, o.Length)));
    }

    [Fact]
    public void Encode_MergesThatReachAcrossWords_AreTaken()
    {
        TextTokenizer tokenizer = Load("llava", root =>
        {
            JsonObject vocabulary = root["model"]!["vocab"]!.AsObject();
            JsonArray merges = root["model"]!["merges"]!.AsArray();
            (string Left, string Right)[] across = [("e", "▁"), ("e▁", "t"), ("s", "▁a")];
            for (int i = 0; i < across.Length; i++)
            {
                vocabulary[across[i].Left + across[i].Right] = 482 + i;
                merges.Insert(i, new JsonArray(across[i].Left, across[i].Right));
            }
        });

        Assert.Equal(["▁", "e▁t", "h", "e▁", "s▁a"], Tokens(tokenizer, "e the s a"));
    }

    [Fact]
    public void Encode_MergesAsText_AreReadLikePairs()
    {
        TextTokenizer tokenizer = Load("llava", root =>
        {
            JsonArray merges = root["model"]!["merges"]!.AsArray();
            root["model"]!["merges"] = new JsonArray([.. merges.Select(m => JsonValue.Create($"{m![0]} {m[1]}"))]);
        });

        IdGoldens.Read(RepositoryData.Path("hf", "tokenizers", "tiny-llava.json")).Check(tokenizer);
    }

    [Fact]
    public void Encode_TemplateWithEnd_PutsTheEndBehind()
    {
        TextTokenizer tokenizer = Load("llava", root =>
        {
            root["post_processor"]!["single"]!.AsArray().Add(JsonNode.Parse("""{"SpecialToken": {"id": "</s>", "type_id": 0}}"""));
            root["post_processor"]!["special_tokens"]!["</s>"] = JsonNode.Parse("""{"id": "</s>", "ids": [2], "tokens": ["</s>"]}""");
        });

        Assert.Equal([1, tokenizer.TokenId("▁a")!.Value, 2], tokenizer.Encode("a"));
    }

    [Theory]
    [InlineData("""{"type": "WordPiece"}""", "model", "'model.type' is the model \"WordPiece\"; expected BPE")]
    [InlineData("""{"type": "Lowercase"}""", "normalizer", "'normalizer.type' is the normalizer \"Lowercase\"")]
    [InlineData("""{"type": "Whitespace"}""", "pre_tokenizer", "'pre_tokenizer.type' is the pre-tokenizer \"Whitespace\"")]
    [InlineData("""{"type": "BertProcessing"}""", "post_processor", "'post_processor.type' is the post-processor \"BertProcessing\"")]
    [InlineData("""{"type": "WordPiece"}""", "decoder", "'decoder.type' is the decoder \"WordPiece\"")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "a+"}, "behavior": "Isolated"}""", "pre_tokenizer", "of GPT-2, Llama 3")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "a+"}, "behavior": "Removed"}""", "pre_tokenizer", "behavior' is \"Removed\"")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "a+"}, "content": "b"}""", "normalizer", "'normalizer.pattern.String' is")]
    public void Load_UnknownPart_IsRefusedByItsName(string part, string place, string message)
    {
        var thrown = Assert.Throws<ModelFormatException>(() => Load("llava", root => root[place] = JsonNode.Parse(part)));

        Assert.Contains("tokenizer.json", thrown.Message);
        Assert.Contains(message, thrown.Message);
    }

    [Fact]
    public void Load_MergeOutsideTheVocabulary_IsRefusedWithItsPlace()
    {
        var thrown = Assert.Throws<ModelFormatException>(
            () => Load("llava", root => root["model"]!["merges"]![3] = new JsonArray("q", "qq")));

        Assert.Contains("'model.merges[3]' is", thrown.Message);
    }

    [Fact]
    public void Load_AddedTokenWithTakenId_IsRefused()
    {
        var thrown = Assert.Throws<ModelFormatException>(() => Load("llava", root => root["added_tokens"]![3]!["id"] = 300));

        Assert.Contains("'<image>' with the id 300 of another token", thrown.Message);
    }

    [Fact]
    public void Load_PlaceholderThatIsMissing_GetsTheNextId()
    {
        TextTokenizer tokenizer = Load("idefics3", _ => { }, "<picture>", "<|im_start|>");

        Assert.Equal(440, tokenizer.TokenId("<picture>"));
        Assert.Equal(1, tokenizer.TokenId("<|im_start|>"));
        Assert.Equal([440], tokenizer.Encode("<picture>"));
        Assert.Equal("", tokenizer.Decode([440]));
    }

    private static void AddTokens(JsonObject root)
    {
        JsonArray added = root["added_tokens"]!.AsArray();
        (string Content, string Flag, bool Special)[] tokens =
        [
            ("<im>", "lstrip", true), ("<end>", "rstrip", true), ("[W]", "single_word", true), ("norm al", "normalized", false),
            ("<imag", "special", true),
        ];
        foreach ((string content, string flag, bool special) in tokens)
        {
            var token = new JsonObject { ["id"] = 477 + added.Count, ["content"] = content, ["special"] = special };
            token[flag] = true;
            added.Add(token);
        }
    }

    private static string[] Tokens(TextTokenizer tokenizer, string text) =>
        [.. tokenizer.Encode(text, addSpecialTokens: false).Select(i => tokenizer.Token(i)!)];

    private static string RoundTrip(TextTokenizer tokenizer, string text) =>
        tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false), skipSpecialTokens: false);

    private static TextTokenizer Load(string family, Action<JsonObject> change, params string[] placeholders)
    {
        JsonObject root = JsonNode.Parse(File.ReadAllBytes(RepositoryData.Path("hf", family, "checkpoint", "tokenizer.json")))!.AsObject();
        change(root);
        var files = new TokenizerFiles("folder", new() { ["tokenizer.json"] = Encoding.UTF8.GetBytes(root.ToJsonString()) });
        return TokenizerLoader.Load(files, new TextTokenizerOptions { Placeholders = placeholders });
    }
}
