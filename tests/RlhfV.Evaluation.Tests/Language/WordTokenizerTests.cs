using System.Text.Json;
using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class WordTokenizerTests
{
    [Fact]
    public void Tokenize_StoredTexts_AllAgree()
    {
        foreach (JsonElement stored in GoldenJson.Read("chair", "tokens.json").GetProperty("cases").EnumerateArray())
        {
            string text = stored.Text("text");
            Assert.Equal(stored.GetProperty("tokens").Strings(), Tokens(text));
        }
    }

    [Theory]
    [InlineData("I can't say; we'll see.", "I|ca|n't|say|;|we|'ll|see|.")]
    [InlineData("Mr. Smith waits at 5 p.m. near Dr. Who.", "Mr.|Smith|waits|at|5|p.m.|near|Dr.|Who|.")]
    [InlineData("(A 1,000-year-old tree: 3.5 m tall!)", "(|A|1,000-year-old|tree|:|3.5|m|tall|!|)")]
    [InlineData("Wait -- no... \"yes\"?", "Wait|--|no|...|``|yes|''|?")]
    [InlineData("They cannot go", "They|can|not|go")]
    [InlineData("'quoted'", "'quoted|'")]
    [InlineData(" . ", ".")]
    public void Tokenize_PunctuationAndContractions_Split(string text, string tokens) => Assert.Equal(tokens.Split('|'), Tokens(text));

    [Fact]
    public void Tokenize_Places_PointIntoTheText()
    {
        const string Text = "The  dog's\tball.";
        var tokens = new List<TextSpan>();
        WordTokenizer.Tokenize(Text, tokens);
        Assert.Equal([new(0, 3), new(5, 3), new(8, 2), new(11, 4), new(15, 1)], tokens);
    }

    private static string[] Tokens(string text)
    {
        var tokens = new List<TextSpan>();
        WordTokenizer.Tokenize(text, tokens);
        return [.. tokens.Select(token => WordTokenizer.Spelling(text, token))];
    }
}
