namespace RlhfV.Models.Tokenization.Tests;

public class SentencePieceTextTokenizerTests
{
    private static readonly TextTokenizerOptions Slow = new() { Source = TokenizerSource.SentencePiece };

    [Fact]
    public void Encode_AddedTokenWithoutFlags_TakesTheBlanksAroundIt()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Path("rlhfv", "tokenizer"), Slow);

        IReadOnlyList<int> ids = tokenizer.Encode("a \u001c<im_end>\n b");

        Assert.Equal(["<s>", "▁a", "<im_end>", "▁b"], ids.Select(i => tokenizer.Token(i)));
    }

    [Theory]
    [InlineData(true, "▁a", "</s>", "▁b")]
    [InlineData(false, "▁a", "</s>", "b")]
    public void Encode_BehindSpecialToken_FollowsLegacy(bool legacy, params string[] expected)
    {
        TextTokenizer tokenizer = TextTokenizer.Load(
            RepositoryData.Path("hf", "llava", "original", "llava-v1.5"), Slow with { Legacy = legacy });

        Assert.Equal(expected, tokenizer.Encode("a</s>b", addSpecialTokens: false).Select(i => tokenizer.Token(i)));
    }

    [Fact]
    public void Load_FolderWithoutTokenizerJson_TakesTheModelAndItsRoles()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Path("hf", "llava", "original", "llava-v1.5"));

        Assert.Equal((0, 1, 2, 0, 480), (tokenizer.UnkId, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.VocabularySize));
        Assert.Equal(tokenizer.TokenId("▁b"), tokenizer.Encode("a b")[^1]);
    }

    [Fact]
    public void EncodeWithOffsets_Characters_CarryTheirPlace()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Path("rlhfv", "tokenizer"), Slow);
        const string Text = "a é😀 b";

        EncodedText encoded = tokenizer.EncodeWithOffsets(Text);

        Assert.Equal(
            ["", "a", " ", "é", "é", "😀", "😀", "😀", "😀", " b"],
            encoded.Offsets.Select(o => Text.Substring(o.Start, o.Length)));
    }
}
