using System.Text;

namespace RlhfV.Models.Tokenization.Tests;

public class TextStreamDecoderTests
{
    public static TheoryData<string> Families => ["llava", "idefics3", "qwen25vl", "llama3"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Append_StoredTexts_GivesWholeCharactersThatMakeUpTheText(string family)
    {
        TextTokenizer tokenizer = Load(family);
        foreach (IdGoldens.Row row in IdGoldens.Read(RepositoryData.Path("hf", "tokenizers", $"tiny-{family}.json")).Rows)
        {
            string[] pieces = Stream(tokenizer, row.IdsWithoutSpecial);

            Assert.All(pieces, AssertWhole);
            Assert.Equal(row.DecodedSkipSpecial, string.Concat(pieces));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Append_AnyIds_GivesWholeCharactersThatMakeUpTheText(string family)
    {
        TextTokenizer tokenizer = Load(family);
        var random = new Random(20240617);
        for (int round = 0; round < 300; round++)
        {
            int[] ids = [.. Enumerable.Range(0, 40).Select(_ => random.Next(-1, tokenizer.VocabularySize + 3))];
            string whole = tokenizer.Decode(ids);
            string[] pieces = Stream(tokenizer, ids);

            Assert.All(pieces, AssertWhole);

            // A run of byte tokens that turns out not to be UTF-8 has let its complete characters go already.
            if (family != "llava" || !whole.Contains('\uFFFD'))
                Assert.Equal(whole, string.Concat(pieces));
        }
    }

    [Fact]
    public void Append_CharacterOfFourByteTokens_ComesWithTheLast()
    {
        TextTokenizer tokenizer = Load("llava");
        int[] ids = [.. Encoding.UTF8.GetBytes("😀").Select(b => tokenizer.TokenId($"<0x{b:X2}>")!.Value)];

        Assert.Equal(["", "", "", "😀", ""], Stream(tokenizer, ids));
    }

    [Fact]
    public void Append_CharacterOfByteLevelTokens_ComesWithTheLast()
    {
        TextTokenizer tokenizer = Load("qwen25vl");
        IReadOnlyList<int> ids = tokenizer.Encode("日");

        Assert.Equal([.. Enumerable.Repeat("", ids.Count - 1), "日", ""], Stream(tokenizer, ids));
    }

    [Fact]
    public void Append_BytesThatNeverBecomeACharacter_AreReplacedAtTheNextToken()
    {
        TextTokenizer tokenizer = Load("llava");
        TextStreamDecoder decoder = tokenizer.CreateStreamDecoder();

        Assert.Equal("", decoder.Append(tokenizer.TokenId("<0xE6>")!.Value));
        Assert.Equal("\uFFFD a", decoder.Append(tokenizer.TokenId("▁a")!.Value));
    }

    [Fact]
    public void Flush_IncompleteCharacter_IsReplacedAndTheDecoderStartsAnew()
    {
        TextTokenizer tokenizer = Load("llava");
        TextStreamDecoder decoder = tokenizer.CreateStreamDecoder();
        decoder.Append(tokenizer.TokenId("▁a")!.Value);
        decoder.Append(tokenizer.TokenId("<0xE6>")!.Value);

        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("a", decoder.Append(tokenizer.TokenId("▁a")!.Value));
    }

    [Fact]
    public void Decode_RunOfBytesThatIsNotUtf8_IsReplacedByteForByte()
    {
        TextTokenizer tokenizer = Load("llava");
        int[] ids = [.. new byte[] { 0xC3, 0xA9, 0xC3 }.Select(b => tokenizer.TokenId($"<0x{b:X2}>")!.Value)];

        Assert.Equal("\uFFFD\uFFFD\uFFFD", tokenizer.Decode(ids));
    }

    private static string[] Stream(TextTokenizer tokenizer, IEnumerable<int> ids)
    {
        TextStreamDecoder decoder = tokenizer.CreateStreamDecoder();
        return [.. ids.Select(decoder.Append), decoder.Flush()];
    }

    private static void AssertWhole(string piece)
    {
        for (int i = 0; i < piece.Length; i += char.IsSurrogatePair(piece, i) ? 2 : 1)
            Assert.True(!char.IsSurrogate(piece[i]) || char.IsSurrogatePair(piece, i), "Half a surrogate pair came out.");
    }

    private static TextTokenizer Load(string family) => TextTokenizer.Load(RepositoryData.Checkpoint(family));
}
