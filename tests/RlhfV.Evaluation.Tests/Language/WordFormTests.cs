using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class WordFormTests
{
    public static TheoryData<string> Words =>
        [.. GoldenJson.Read("chair", "words.json").GetProperty("words").EnumerateArray().Select(word => word.GetRawText())];

    [Theory]
    [MemberData(nameof(Words), DisableDiscoveryEnumeration = true)]
    public void Lemmas_StoredWord_Agree(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement expected = document.RootElement;
        string word = expected.Text("word");
        Assert.Equal(expected.Text("singularize"), Singularizer.Default.Singular(word));
        Assert.Equal(expected.Text("wordnet_noun"), NounLexicon.Default.ShortestLemma(word));
        Assert.Equal(expected.Text("rule_nns"), NounLexicon.Default.PluralLemma(word));
        Assert.Equal(expected.Text("rule_nn"), word.ToLowerInvariant());
    }

    [Theory] // The traps that the first CHAIR script is known for.
    [InlineData("bus", "bu")]
    [InlineData("buses", "bus")]
    [InlineData("ties", "ty")]
    [InlineData("glass", "glas")]
    [InlineData("four", "fmy")]
    [InlineData("ice", "ice")]
    [InlineData("Cookies", "cookies")]
    [InlineData("SCARVES", "SCARf")]
    public void Singular_KnownTraps_AreReproduced(string word, string singular) =>
        Assert.Equal(singular, Singularizer.Default.Singular(word));
}
