using RlhfV.Models.Grounding;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Tests.Grounding;

public sealed class AnswerWordsTests
{
    [Theory]
    [InlineData("A dog's well-known ball.", "A|dog's|well-known|ball")]
    [InlineData("It costs 1,000.50 euros, or 3.", "It|costs|1,000.50|euros|or|3")]
    [InlineData("'quoted' - words -- end.", "quoted|words|end")]
    [InlineData("Schöne Äpfel, naïve: été", "Schöne|Äpfel|naïve|été")]
    [InlineData("... !", "")]
    public void Words_OfATextWithOneTokenPerCharacter_AreItsWords(string answer, string words)
    {
        GroundedToken[] tokens = [.. answer.Select((_, i) => new GroundedToken(i, new TokenSpan(i, 1), -1, -2))];
        var grounding = new AnswerGrounding(answer, tokens);
        Assert.Equal(words.Split('|', StringSplitOptions.RemoveEmptyEntries), grounding.Words.Select(word => word.Text));
        Assert.All(grounding.Words, word => Assert.Equal(word.Length, word.LogRatio));
    }

    [Fact]
    public void Words_TokensWithBlanksAndMarks_BelongToTheirWord()
    {
        // " red," as one token, the way some vocabularies have it, and a token for the end.
        AnswerGrounding grounding = new("a red, b", [Token(0, 1, 1), Token(1, 5, 2), Token(6, 2, 4), Token(8, 0, 100)]);
        Assert.Equal([("a", 1), ("red", 2), ("b", 4)], grounding.Words.Select(word => (word.Text, word.LogRatio)));
    }

    [Fact]
    public void Words_ThatShareAToken_AreOne()
    {
        AnswerGrounding grounding = new("one two three", [Token(0, 7, 3), Token(7, 6, 5)]);
        Assert.Equal([("one two", 3), ("three", 5)], grounding.Words.Select(word => (word.Text, word.LogRatio)));
    }

    [Fact]
    public void Words_PartsOfOneCharacter_CountOnce()
    {
        // An emoji in three bytes' tokens is no word; a letter in two is one.
        AnswerGrounding grounding = new("\u00e9 x", [Token(0, 1, 1), Token(0, 1, 2), Token(1, 2, 4)]);
        Assert.Equal([("\u00e9", 3), ("x", 4)], grounding.Words.Select(word => (word.Text, word.LogRatio)));
    }

    [Fact]
    public void Below_NeighbouringWords_AreOneStretch()
    {
        AnswerGrounding grounding = new(
            "a bad thing is here", [Token(0, 1, 0.1), Token(1, 4, -1), Token(5, 6, -3), Token(11, 3, 0), Token(14, 5, -0.75)]);
        Assert.Equal(
            [("bad thing", -2), ("here", -0.75)], grounding.Below().Select(segment => (segment.Text, segment.MeanLogRatio)));
        Assert.Equal("bad thing", Assert.Single(grounding.Below(-0.9)).Text);
    }

    private static GroundedToken Token(int start, int length, double logRatio) => new(0, new TokenSpan(start, length), logRatio - 5, -5);
}
