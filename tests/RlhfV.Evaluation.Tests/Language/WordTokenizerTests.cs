using System.Text.Json;

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
    [InlineData("<br>a dog</br> [cat]", "<|br|>|a|dog|<|/br|>|[|cat|]")]
    [InlineData("\u201cdogs\u201d \u2018cats\u2019 the dog\u2019s", "\u201c|dogs|\u201d|\u2018|cats|\u2019|the|dog|\u2019|s")]
    [InlineData("she can't; d'ye see? 'tis a dog", "she|ca|n't|;|d|'ye|see|?|'t|is|a|dog")]
    [InlineData("rock 'n' roll 'a' side", "rock|'n|'|roll|'|a|'|side")]
    [InlineData("gonna, wanna go; wanna?", "gon|na|,|wan|na|go|;|wan|na|?")]
    public void Tokenize_PunctuationAndContractions_Split(string text, string tokens) => Assert.Equal(tokens.Split('|'), Tokens(text));

    [Theory] // As the scripts split them, also where a person would not.
    [InlineData("1. a dog\n2. a cat.", "1.|a|dog|2.|a|cat|.")]
    [InlineData("in no. 5. \u00bd dog", "in|no|.|5|.|\u00bd|dog")]
    [InlineData("a u.s. flag. j. smith waits", "a|u.s.|flag|.|j.|smith|waits")]
    [InlineData("a dog, etc. the cat sits.", "a|dog|,|etc|.|the|cat|sits|.")]
    [InlineData("mid-oct. the leaves fall. next", "mid-oct.|the|leaves|fall|.|next")]
    [InlineData("wait... a dog. . . a cat!", "wait|...|a|dog|.|.|.|a|cat|!")]
    [InlineData("a dog?!\" \"a cat.\"", "a|dog|?|!|''|``|a|cat|.|''")]
    [InlineData("the dog's\tball, the cats' toys.", "the|dog's|ball|,|the|cats|'|toys|.")]
    [InlineData("dogs,cats,3,000 birds,,fish", "dogs|,|cats,3,000|birds|,|,fish")]
    [InlineData("a \"hot\" dog (\"best\" one).", "a|``|hot|''|dog|(|``|best|''|one|)|.")]
    [InlineData("``quoted'' ''twice''", "``|quoted|''|``|twice|''")]
    public void Tokenize_WhatTheScriptsSplitInTheirOwnWay_IsSplitAlike(string text, string tokens) =>
        Assert.Equal(tokens.Split('|'), Tokens(text));

    [Fact]
    public void Tokenize_RandomPieces_FastPathAgreesWithTheRules()
    {
        string[] pieces =
        [
            "dog", "cats", "a", "cannot", "wanna", "mr.", "u.s.", "5.", "1,000", "3.5", ".", "..", ",", ",,", " ", " ", " ", "\n", "\t", "-", "--", "'s", "n't",
            "\"", "(", ")", "?", ":", "\u00e9", "\u4e8c", "\u00a0", "\ud83d\udc15", "\u001c",
        ];
        var random = new Random(7);
        for (int i = 0; i < 4000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            List<WordToken> fast = [], byRules = [];
            WordTokenizer.Tokenize(text, fast);
            WordTokenizer.TokenizeByRules(text, byRules);
            Assert.Equal(byRules, fast);
        }
    }

    [Fact]
    public void Tokenize_Places_PointIntoTheText()
    {
        const string Text = "The  dog's\tball.";
        var tokens = new List<WordToken>();
        WordTokenizer.Tokenize(Text, tokens);
        Assert.Equal([new(0, 3), new(5, 5), new(11, 4), new(15, 1)], tokens.Select(token => token.Span));
    }

    private static string[] Tokens(string text)
    {
        var tokens = new List<WordToken>();
        WordTokenizer.Tokenize(text, tokens);
        return [.. tokens.Select(token => token.Spelling(text))];
    }
}
