using System.Diagnostics;
using RlhfV.Models.Tokenization;

namespace SceneWorld.Tests;

public sealed class CaptionTokenizerTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caption-tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Train_Captions_LaysIdsAsLlamaDoes()
    {
        TextTokenizer tokenizer = TrainAndLoad(397);

        Assert.Equal(397, tokenizer.VocabularySize);
        Assert.Equal((0, 1, 2, 396), (tokenizer.UnkId, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
        Assert.Equal(3 + 0x41, tokenizer.TokenId("<0x41>"));
        Assert.Equal(395, tokenizer.TokenId("<image>"));
    }

    [Fact]
    public void Train_Captions_EncodesThemInWholeWords()
    {
        TextTokenizer tokenizer = TrainAndLoad(397);

        IReadOnlyList<int> ids = tokenizer.Encode("a red cup stands on the table.");

        Assert.Equal(["<s>", "▁a", "▁red", "▁cup", "▁stands", "▁on", "▁the", "▁table", "."],
            ids.Select(i => tokenizer.Token(i)));
    }

    [Theory]
    [InlineData("a red cup stands on the table.")]
    [InlineData("Ünïcode, 😀 and tabs\tthat no caption held")]
    [InlineData("two  blanks, \n a line")]
    [InlineData("")]
    public void Train_AnyText_ComesBack(string text)
    {
        TextTokenizer tokenizer = TrainAndLoad(397);

        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Train_ImagePlaceholder_IsOneTokenBetweenStretches()
    {
        TextTokenizer tokenizer = TrainAndLoad(397);

        IReadOnlyList<int> ids = tokenizer.Encode("USER: <image>\nthe ASSISTANT:");

        Assert.Single(ids, 395);
        Assert.Equal([tokenizer.TokenId("▁"), tokenizer.TokenId("<0x0A>")],
            ids.SkipWhile(i => i != 395).Skip(1).Take(2).Select(i => (int?)i));
    }

    [Fact]
    public void Train_Twice_WritesTheSameBytes()
    {
        string other = Path.Combine(_folder, "other");
        CaptionTokenizerTrainer.Train(Captions(), 397, _folder);
        CaptionTokenizerTrainer.Train(Captions().Reverse(), 397, other);

        foreach (string name in (string[])["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, name)), File.ReadAllBytes(Path.Combine(other, name)));
    }

    [Fact]
    public void Train_TooFewPieces_SaysHowManyThereAre()
    {
        var thrown = Assert.Throws<ArgumentException>(() => CaptionTokenizerTrainer.Train(["a cup"], 640, _folder));

        Assert.Equal("texts", thrown.ParamName);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Train_NoRoomForCharacters_NamesTheSize()
    {
        var thrown = Assert.Throws<ArgumentException>(() => CaptionTokenizerTrainer.Train(Captions(), 262, _folder));

        Assert.Equal("vocabularySize", thrown.ParamName);
    }

    [Fact]
    public void Encode_ThousandCaptions_TakesUnderASecond()
    {
        TextTokenizer tokenizer = TrainAndLoad(397);
        string[] texts = [.. Captions().Take(1000)];

        // The best of three: other tests share the cores.
        TimeSpan[] times = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            Assert.True(texts.Sum(t => tokenizer.Encode(t).Count) > 10_000);
            return clock.Elapsed;
        })];

        Assert.True(times.Min() < TimeSpan.FromSeconds(1), $"The captions took {times.Min().TotalSeconds:0.00} s.");
    }

    private TextTokenizer TrainAndLoad(int size)
    {
        CaptionTokenizerTrainer.Train(Captions(), size, _folder);
        return TextTokenizer.Load(_folder);
    }

    private static IEnumerable<string> Captions()
    {
        string[] colours = ["red", "blue", "green", "yellow", "black", "white", "brown", "orange"];
        string[] things = ["cup", "plate", "lamp", "sofa", "dog", "cat", "car", "bus", "clock", "towel", "table", "chair", "bottle"];
        string[] places = ["on the table", "next to the window", "behind the sofa", "in front of the house", "under a tree"];
        for (int i = 0; i < 1200; i++)
        {
            yield return string.Join(' ', Enumerable.Range(0, 8).Select(k =>
            {
                string article = k == 0 ? "a" : "the";
                string end = k % 2 == 0 ? "." : ",";
                return $"{article} {colours[(i * 7 + k * 3) % 8]} {things[(i * 5 + k * 11) % 13]} stands {places[(i + k) % 5]}{end}";
            }));
        }
    }
}
