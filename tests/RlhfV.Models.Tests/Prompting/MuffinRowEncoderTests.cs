using RlhfV.Models.Tokenization;
using RlhfV.Models.Tokenization.Tests;

namespace RlhfV.Models.Prompting.Tests;

public class MuffinRowEncoderTests
{
    private static readonly Lazy<TextTokenizer> Tokenizer = new(() => TextTokenizer.Load(
        RepositoryData.Path("rlhfv", "tokenizer"), new TextTokenizerOptions { Source = TokenizerSource.SentencePiece }));

    private static readonly ImageSource Picture = ImageSource.FromFile("unused.png");

    [Fact]
    public void Encode_Offsets_PointAtTheTokensInTheText()
    {
        MuffinRow row = new MuffinRowEncoder(Tokenizer.Value, new MuffinRowOptions { ImageTokenCount = 2 })
            .Encode(Prompt.Ask("What is it?", Picture).WithAnswer("A red umbrella."));

        string[] parts =
            [.. row.Offsets.Where(o => o.Start >= row.Answer.Start && o.End <= row.Answer.End)
            .Select(o => row.Text.Substring(o.Start, o.Length))];

        Assert.Equal("red umbrella.", string.Concat(parts).TrimStart('A').TrimStart());
    }

    [Fact]
    public void Encode_NoAnswer_IsRefused() =>
        Assert.Equal("conversation",
            Assert.Throws<ArgumentException>(() => new MuffinRowEncoder(Tokenizer.Value).Encode(Prompt.Ask("What?"))).ParamName);

    [Fact]
    public void Encode_PlaceholderInText_IsRefused() =>
        Assert.Contains("'<image>'", Assert.Throws<ArgumentException>(
            () => new MuffinRowEncoder(Tokenizer.Value).Encode(Prompt.Ask("<image>\nWhat?").WithAnswer("A cat."))).Message);

    [Fact]
    public void Encode_PictureBehindTheCut_IsRefused()
    {
        var encoder = new MuffinRowEncoder(Tokenizer.Value, new MuffinRowOptions { MaxLength = 60 });

        Assert.Contains("60 tokens",
            Assert.Throws<ArgumentException>(() => encoder.Encode(Prompt.Ask("What?", Picture).WithAnswer("A cat."))).Message);
    }

    [Fact]
    public void Create_TokenizerWithoutPictureTokens_IsRefused()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Path("hf", "llava", "original", "llava-v1.5"));

        Assert.Contains("<im_patch>", Assert.Throws<ArgumentException>(() => new MuffinRowEncoder(tokenizer)).Message);
    }
}
