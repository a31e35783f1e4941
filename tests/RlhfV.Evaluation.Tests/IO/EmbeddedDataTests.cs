using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

/// <summary>The tables inside the assembly are those that the stored expectations were made with.</summary>
[Trait("Category", "Golden")]
public sealed class EmbeddedDataTests
{
    [Theory]
    [InlineData("coco-synonyms.txt", "chair/synonyms.txt")]
    [InlineData("mmhal-judge-prompt.txt", "mmhal/judge_prompt.txt")]
    [InlineData("noun-lemmas.txt", "wordnet/noun_lemmas.txt")]
    [InlineData("noun-exceptions.txt", "wordnet/noun_exceptions.txt")]
    public void ReadText_Table_IsTheStoredOne(string embedded, string stored)
    {
        string path = GoldenJson.Path(["data", .. stored.Split('/')]);
        Assert.SkipUnless(File.Exists(path), $"The expectations hold no {stored}; those in the repository leave the large tables out.");
        Assert.Equal(File.ReadAllText(path).TrimEnd(), EmbeddedData.ReadText(embedded).TrimEnd());
    }

    [Theory]
    [InlineData("singular-rules.json", "chair/singular_rules.json")]
    [InlineData("vqa-normalisation.json", "vqav2/normalisation.json")]
    public void ReadText_JsonTable_IsTheStoredOne(string embedded, string stored)
    {
        using JsonDocument table = JsonDocument.Parse(EmbeddedData.ReadText(embedded));
        Assert.True(JsonElement.DeepEquals(GoldenJson.Read(["data", .. stored.Split('/')]), table.RootElement));
    }

    [Fact]
    public void Rules_OfNouns_AreTheStoredOnes()
    {
        Assert.SkipUnless(File.Exists(GoldenJson.Path("data", "wordnet", "noun_rules.json")), "The expectations hold no wordnet/noun_rules.json.");
        Assert.Equal(
            GoldenJson.Read("data", "wordnet", "noun_rules.json").GetProperty("noun").EnumerateArray()
                .Select(rule => (rule[0].GetString()!, rule[1].GetString()!)), NounLexicon.Rules);
    }

    [Fact]
    public void Coco_WordsBeyondTheFirstTable_AreTheStoredOnes()
    {
        JsonElement delta = GoldenJson.Read("data", "objhal", "synonyms_delta.json");
        string[] added = [.. ObjectVocabulary.Coco.Words.Except(ObjectVocabulary.Chair2018.Words.Select(word => word.Trim()))];
        Assert.NotEmpty(added);
        Assert.All(added, word => Assert.Contains($"\"{word}\"", delta.GetRawText(), StringComparison.Ordinal));
    }
}
