using System.Text;

namespace RlhfV.Models.Tokenization.Tests;

public class SentencePieceFileTests
{
    [Fact]
    public void Encode_MergesOfEqualScore_TakesTheLeftmost()
    {
        TextTokenizer tokenizer = Load(Model([("a", 0, 1), ("▁", 0, 1), ("aa", -1, 1)]));

        Assert.Equal(["▁", "aa", "a"], Tokens(tokenizer, "aaa"));
    }

    [Fact]
    public void Encode_MergesOfDifferentScore_TakesTheHighest()
    {
        TextTokenizer tokenizer = Load(Model([("a", 0, 1), ("b", 0, 1), ("c", 0, 1), ("▁", 0, 1), ("bc", -1, 1), ("ab", -2, 1)]));

        Assert.Equal(["▁", "a", "bc"], Tokens(tokenizer, "abc"));
    }

    [Fact]
    public void Encode_NoByteFallback_FusesUnknownCharacters()
    {
        TextTokenizer tokenizer = Load(Model([("a", 0, 1), ("▁", 0, 1)]));

        Assert.Equal(["▁", "<unk>", "a"], Tokens(tokenizer, "日本a"));
    }

    [Fact]
    public void Encode_NoDummyPrefix_LeavesTheStartAlone()
    {
        TextTokenizer tokenizer = Load(Model([("a", 0, 1), ("▁", 0, 1)], normalizer: [.. Field(3, 0), .. Field(4, 0)]));

        Assert.Equal(["a", "▁", "a"], Tokens(tokenizer, "a a"));
        Assert.Equal(" a", tokenizer.Decode(tokenizer.Encode(" a")));
    }

    [Fact]
    public void Load_Unigram_IsRefused() => Refused(Model([("a", 0, 1)], trainer: Field(3, 1)), "model type 1", "byte-pair");

    [Fact]
    public void Load_UserDefinedPiece_IsRefused() => Refused(Model([("a", 0, 4)]), "piece 3 'a' of type 4", "type 1, 2, 3 or 6");

    [Fact]
    public void Load_PieceTwice_IsRefused() => Refused(Model([("a", 0, 1), ("a", 0, 1)]), "the piece 'a' twice", "once");

    [Fact]
    public void Load_ScoreThatIsNoNumber_IsRefused() => Refused(Model([("a", float.NaN, 1)]), "NaN", "finite");

    [Fact]
    public void Load_SomeOfTheBytes_IsRefused() =>
        Refused(Model([("<0x41>", 0, 6)], trainer: [.. Field(3, 2), .. Field(35, 1)]), "1 byte pieces with byte fallback on", "all 256");

    [Fact]
    public void Load_CharacterMap_IsRefused() =>
        Refused(Model([("a", 0, 1)], normalizer: [.. Text(2, "map"), .. Field(4, 0)]), "normalisation", "Llama");

    [Fact]
    public void Load_UnknownPieceElsewhere_IsRefused() =>
        Refused(Model([("a", 0, 1)], trainer: [.. Field(3, 2), .. Field(40, 3)]), "unknown piece 3", "unk_id");

    [Fact]
    public void Load_CutFile_IsRefused() => Refused(Model([("a", 0, 1)])[..^1], "bytes where", "SentencePiece model");

    [Fact]
    public void Load_IdsThatDisagree_NamesBothFiles()
    {
        var thrown = Assert.Throws<ModelFormatException>(() => Load(
            Model([("a", 0, 1)]),
            ("added_tokens.json", """{"<x>": 4}"""),
            ("tokenizer_config.json", """{"added_tokens_decoder": {"5": {"content": "<x>"}}}""")));

        Assert.Contains("added_tokens.json: '<x>' is 4, which tokenizer_config.json calls 5", thrown.Message);
    }

    private static void Refused(byte[] model, string found, string expected)
    {
        var thrown = Assert.Throws<ModelFormatException>(() => Load(model));

        Assert.Contains("tokenizer.model", thrown.Message);
        Assert.Contains(found, thrown.Message);
        Assert.Contains(expected, thrown.Message);
    }

    private static string[] Tokens(TextTokenizer tokenizer, string text) =>
        [.. tokenizer.Encode(text, addSpecialTokens: false).Select(i => tokenizer.Token(i)!)];

    private static TextTokenizer Load(byte[] model, params (string Name, string Text)[] beside)
    {
        var files = beside.ToDictionary(f => f.Name, f => Encoding.UTF8.GetBytes(f.Text));
        files["tokenizer.model"] = model;
        return TokenizerLoader.Load(new TokenizerFiles("folder", files), new TextTokenizerOptions());
    }

    // A model with <unk>, <s>, </s> and the given pieces (text, score, type); byte-pair, blanks kept.
    private static byte[] Model((string Text, float Score, int Type)[] pieces, byte[]? trainer = null, byte[]? normalizer = null)
    {
        (string Text, float Score, int Type)[] all = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), .. pieces];
        return
        [
            .. all.SelectMany(p => Message(1, [.. Text(1, p.Text), (2 << 3) | 5, .. BitConverter.GetBytes(p.Score), .. Field(3, p.Type)])),
            .. Message(2, trainer ?? Field(3, 2)),
            .. Message(3, normalizer ?? Field(4, 0)),
        ];
    }

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Field(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)((value & 0x7F) | 0x80), .. Varint(value >> 7)];
}
