using System.Text.Json;
using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

/// <summary>The variant of CHAIR of 2024, with the stored tags of the perceptron that its script uses.</summary>
[Trait("Category", "Golden")]
public sealed class ChairTaggedTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("chair", "golden.json").GetProperty("expected");
    private static readonly JsonElement[] Cases = [.. Golden.GetProperty("cases").EnumerateArray()];
    private static readonly StoredCaptionTagger Tagger = new(Cases);

    [Fact]
    public void Score_StoredCaptions_EveryCaptionAgrees()
    {
        ChairResult result = Score(Tagger);
        Assert.Equal(WordForm.TaggedLemma, result.Form);
        Assert.Equal(Cases.Length, result.Scores.Count);
        foreach ((JsonElement stored, ObjectScore score) in Cases.Zip(result.Scores))
        {
            JsonElement expected = stored.GetProperty("lemma_variant"), metrics = expected.GetProperty("metrics");
            Assert.Equal(($"{expected.GetProperty("image_id").GetInt64()}", expected.Text("caption")), (score.Answer.ImageId, score.Response));
            Assert.Equal(stored.GetProperty("gt_lemma_variant").Strings().ToHashSet(), score.Truth);
            Assert.Equal(expected.GetProperty("mscoco_gt_words").Strings().ToHashSet(), score.Truth);
            Assert.Equal(expected.GetProperty("words").Strings(), score.Words);
            Assert.Equal(expected.GetProperty("mscoco_generated_words").Strings(), score.Mentions.Select(m => m.Class));
            Assert.Equal(
                expected.GetProperty("mscoco_hallucinated_words").EnumerateArray().Select(w => (w[0].GetString()!, w[1].GetString()!)),
                score.Hallucinated.Select(m => (m.Word, m.Class)));
            Assert.Equal(
                expected.GetProperty("hallucination_idxs").EnumerateArray().Select(i => i.GetInt32()), score.Hallucinated.Select(m => m.Index));
            Assert.Equal(metrics.GetProperty("CHAIRs").GetInt32() == 1, score.IsHallucinated);
            Assert.Equal(metrics.GetProperty("CHAIRi").GetDouble(), score.MentionRate, 1e-12);
            Assert.Equal(metrics.GetProperty("Recall").GetDouble(), score.Recall, 1e-12);
            Assert.Equal(0, metrics.GetProperty("Len").GetDouble()); // The script never fills it in.
        }
    }

    [Fact]
    public void Score_StoredCaptions_OverallAgrees()
    {
        JsonElement expected = Golden.GetProperty("overall_lemma_variant");
        ChairResult result = Score(Tagger);
        Assert.Equal(expected.GetProperty("CHAIRs").GetDouble(), result.Rates.OfResponses.Value, 1e-12);
        Assert.Equal(expected.GetProperty("CHAIRi").GetDouble(), result.Rates.OfMentions.Value, 1e-12);
        Assert.Equal(expected.GetProperty("Recall").GetDouble(), result.Rates.Recall.Value, 1e-12);
        Assert.Equal(expected.GetProperty("Len").GetDouble(), result.AverageWords / 100, 1e-12);
    }

    [Fact]
    public void Read_QuotesAndForeignSpellings_KeepPlacesInTheText()
    {
        var tagger = new FixedTagger([new("``", "``", "``"), new("dogs", "dogs", "NNS"), new("''", "''", "''"), new("and", "and", "CC"),
            new("kitties", "kitty", "NNS"), new("cats", "cat", "NNS")]);
        ObjectReading reading = new ObjectReader(ObjectVocabulary.Coco, WordForm.TaggedLemma, tagger).Read("\"Dogs\" and cats");
        Assert.Equal(["dog", "cat"], reading.Mentions.Select(m => m.Word));
        Assert.Equal([new TextSpan(1, 4), new TextSpan(11, 4)], reading.Mentions.Select(m => m.Span));
    }

    [Fact]
    public void New_TaggerForAFormThatDoesNotTag_Throws() =>
        Assert.Throws<ArgumentException>("tagger", () => new ObjectReader(ObjectVocabulary.Coco, WordForm.WordNet, LexiconTagger.Instance));

    /// <summary>The truth is the stored one: the tags of the captions that it was read from are not among the expectations.</summary>
    private static ChairResult Score(IPhraseTagger tagger)
    {
        ObjectTruth truth = ObjectTruth.From(
            Cases.Select(stored => KeyValuePair.Create<string, IEnumerable<string>>(
                $"{stored.GetProperty("image_id").GetInt64()}", stored.GetProperty("gt_lemma_variant").Strings())),
            ObjectVocabulary.Chair2018);
        return new Chair(truth, Evaluation.Chair.CreateTaggedReader(tagger), ScoringMode.Official)
            .Score(ChairFile.Read(GoldenJson.Path("chair", "captions.jsonl")));
    }

    private sealed class FixedTagger(IReadOnlyList<TaggedWord> words) : IPhraseTagger
    {
        public IReadOnlyList<TaggedWord> Tag(string text) => words;
    }
}
