using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

public sealed class ObjectPhrasesTests
{
    private static readonly JsonElement Parts = GoldenJson.Read("objhal", "parts.json");

    [Fact]
    public void Pairs_StoredWords_Agree()
    {
        foreach (JsonElement stored in Parts.GetProperty("double_words_only").EnumerateArray())
        {
            Assert.Equal(
                stored.GetProperty("double_words_only").Strings(),
                ObjectPhrases.Pairs(stored.GetProperty("words").Strings(), ObjectVocabulary.Coco));
        }
    }

    [Fact]
    public void Exact_StoredWords_AgreeInClassesAndPlaces()
    {
        foreach (JsonElement stored in Parts.GetProperty("objects_to_coco").EnumerateArray())
        {
            List<ObjectMention> mentions = ObjectMatching.Exact(stored.GetProperty("words").Strings(), ObjectVocabulary.Coco, []);
            Assert.Equal(
                stored.GetProperty("node_words").EnumerateArray().Select(w => (w[0].GetString()!, w[1].GetString()!)),
                mentions.Select(m => (m.Word, m.Class)));
            Assert.Equal(stored.GetProperty("idxs").EnumerateArray().Select(i => i.GetInt32()), mentions.Select(m => m.Index));
        }
    }

    [Fact]
    public void Words_WithTheBuiltInTagger_NearlyAlwaysAgreeWithTheStoredTags()
    {
        // Not every phrase: the stored tags are a person's. The share that agrees is what the documentation states.
        var stored = new StoredTagger();
        foreach (
            JsonElement golden in GoldenJson.Read("objhal", "golden.json").GetProperty("expected").GetProperty("cases").EnumerateArray())
        {
            stored.Add(golden.GetProperty("tokens"));
        }

        string[] phrases = [.. stored.Phrases.Keys.Select(phrase => phrase["a ".Length..])];
        string[] differing =
        [
            .. phrases.Where(phrase => !ObjectPhrases.Words([phrase], ObjectVocabulary.Coco, stored)
                .SequenceEqual(ObjectPhrases.Words([phrase], ObjectVocabulary.Coco, LexiconTagger.Instance))),
        ];
        Assert.True(differing.Length <= 1, $"{differing.Length} of {phrases.Length} differ: {string.Join("; ", differing)}");
    }
}
