using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
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
            Assert.Equal(stored.GetProperty("kept").Strings(), mentions.Select(m => m.Word));
        }
    }
}
