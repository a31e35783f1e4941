using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

/// <summary>
/// How often the built-in tagger agrees with the stored tags. These are shares of the cases in the repository, which the documentation states;
/// they are no expectation of the published scripts and hold for no other set.
/// </summary>
public sealed class LexiconTaggerTests
{
    private const string OtherSet = "The shares are those of the cases in the repository.";

    [Fact]
    public void Words_OfStoredPhrases_NearlyAlwaysAgreeWithTheStoredTags()
    {
        // Not every phrase: the stored tags are a person's. The share that agrees is what the documentation states.
        Assert.SkipUnless(GoldenJson.IsOwn, OtherSet);
        var stored = new StoredTagger();
        foreach (
            JsonElement golden in GoldenJson.Read("objhal", "golden.json").GetProperty("expected").GetProperty("cases").EnumerateArray())
        {
            stored.Add(golden.GetProperty("tokens"));
        }

        string[] differing =
        [
            .. stored.Phrases.Keys.Select(phrase => phrase["a ".Length..])
                .Where(phrase => !ObjectPhrases.Words([phrase], ObjectVocabulary.Coco, stored)
                    .SequenceEqual(ObjectPhrases.Words([phrase], ObjectVocabulary.Coco, LexiconTagger.Instance))),
        ];
        Assert.True(differing.Length <= 1, string.Join("; ", differing));
    }

    [Fact]
    public void Words_OfHeldOutPhrases_AgreeWithAPersonAsOftenAsDocumented()
    {
        // Never change the tagger for one of these phrases: they are there to say how it does on phrases it was not made for.
        (string Phrase, string[] Words)[] phrases =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "held-out-phrases.txt")).Where(line => !line.StartsWith('#'))
                .Select(line => line.Split(" => ")).Select(parts => (parts[0], parts[1].Split("; "))),
        ];
        (string Phrase, string[] Words, string[] Found)[] differing =
        [
            .. phrases
                .Select(phrase => (
                    phrase.Phrase, phrase.Words,
                    Found: ObjectPhrases.Words([phrase.Phrase], ObjectVocabulary.Coco, LexiconTagger.Instance).ToArray()))
                .Where(read => !read.Found.SequenceEqual(read.Words)),
        ];
        string[] lost = [.. differing.Where(read => !Classes(read.Found).SequenceEqual(Classes(read.Words))).Select(read => read.Phrase)];
        Assert.Equal((111, 13), (phrases.Length, differing.Length));
        Assert.Equal(["half-eaten sandwich", "golden retriever", "pair of scissors"], lost);

        static IEnumerable<string> Classes(string[] words) =>
            words.Select(word => ObjectVocabulary.Coco.TryGetClass(word, out string? found) ? found : "").Where(found => found.Length > 0);
    }

    [Fact]
    public void Score_StoredCaptionsOfChair_MostAgree()
    {
        Assert.SkipUnless(GoldenJson.IsOwn, OtherSet);
        ObjectReader reader = Evaluation.Chair.CreateTaggedReader();
        ObjectTruth truth = ObjectTruth.FromCoco(
            [Coco("instances_train2014"), Coco("instances_val2014")], [Coco("captions_train2014"), Coco("captions_val2014")], reader,
            cancellationToken: TestContext.Current.CancellationToken);
        ChairResult result = new Chair(truth, reader, ScoringMode.Official).Score(ChairFile.Read(GoldenJson.Path("chair", "captions.jsonl")));
        string[] differing =
        [
            .. GoldenJson.Read("chair", "golden.json").GetProperty("expected").GetProperty("cases").EnumerateArray().Zip(result.Scores)
                .Where(pair => !pair.First.GetProperty("gt_lemma_variant").Strings().ToHashSet().SetEquals(pair.Second.Truth)
                    || !pair.First.GetProperty("lemma_variant").GetProperty("mscoco_generated_words").Strings()
                        .SequenceEqual(pair.Second.Mentions.Select(m => m.Class)))
                .Select(pair => pair.Second.Response),
        ];
        Assert.True(differing.Length <= 5, $"{differing.Length}: {string.Join(" | ", differing)}");

        static string Coco(string name) => GoldenJson.Path("chair", "coco", name + ".json");
    }

    [Fact]
    public void Nouns_OfStoredDescriptionsOfAmber_MostlyAgree()
    {
        // The stored tags come from a statistical tagger, errors included ("A cloud hangs" has no cloud).
        Assert.SkipUnless(GoldenJson.IsOwn, OtherSet);
        AmberData data = AmberData.Load(
            GoldenJson.Path("amber", "annotations.json"), GoldenJson.Path("data", "amber", "relation.json"),
            GoldenJson.Path("data", "amber", "safe_words.txt"));
        var descriptions = new AmberDescriptions(data, new() { Mode = ScoringMode.Official });
        JsonElement[] cases =
            [.. GoldenJson.Read("amber", "golden.json").GetProperty("expected").GetProperty("generative").EnumerateArray()];
        int agree = cases.Count(
            stored => descriptions.Nouns(stored.Text("response")).SequenceEqual(stored.GetProperty("nouns_in_vocabulary").Strings()));
        Assert.True(agree >= 0.88 * cases.Length, $"{agree} of {cases.Length}");
    }
}
