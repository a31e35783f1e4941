using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class ObjectReaderTests
{
    [Fact]
    public void Read_StoredCaptions_WordNetFormAgrees()
    {
        ObjectReader reader = ObjectHalBench.CreateReader(ScoringMode.Official);
        foreach (JsonElement stored in GoldenJson.Read("objhal", "parts.json").GetProperty("caption_to_words").EnumerateArray())
        {
            ObjectReading reading = reader.Read(stored.Text("caption"));
            Assert.Equal(stored.GetProperty("words").Strings(), reading.Mentions.Select(m => m.Word));
            Assert.Equal(
                stored.GetProperty("node_words").EnumerateArray().Select(w => (w[0].GetString()!, w[1].GetString()!)),
                reading.Mentions.Select(m => (m.Word, m.Class)));
            Assert.Equal(stored.GetProperty("idxs").EnumerateArray().Select(i => i.GetInt32()), reading.Mentions.Select(m => m.Index));
            Assert.Equal(stored.GetProperty("all_words").Strings(), reading.Words);
        }
    }

    [Fact]
    public void Read_Mentions_PointIntoTheText()
    {
        const string Text = "Two Wine  Glasses, a\ttoilet seat\nand BUSES.";
        IReadOnlyList<ObjectMention> mentions = new ObjectReader(ObjectVocabulary.Coco).Read(Text).Mentions;
        Assert.Equal(
            ["Wine  Glasses", "toilet seat", "BUSES"], mentions.Select(m => Text.Substring(m.Span.Start, m.Span.Length)));
        Assert.Equal(["wine glass", "toilet", "bus"], mentions.Select(m => m.Class));
    }

    [Theory]
    [InlineData(WordForm.Vocabulary, "dog", "cat")]
    [InlineData(WordForm.WordNet)] // The scripts split a clitic off before a blank alone.
    public void Read_CliticBeforeAnotherWhiteSpace_IsSplitOffByDefinitionOnly(WordForm form, params string[] words) =>
        Assert.Equal(words, new ObjectReader(ObjectVocabulary.Coco, form).Read("The dog's\ttail. The cat's\nbasket").Mentions.Select(m => m.Word));

    [Fact]
    public void Read_OwnVocabulary_FindsLongestPhraseInAnyForm()
    {
        ObjectVocabulary vocabulary = ObjectVocabulary.Parse(["forklift, fork lift truck", "truck, lorry"], "test");
        IReadOnlyList<ObjectMention> mentions = new ObjectReader(vocabulary).Read("Fork lift trucks beside a lorry and trucks.").Mentions;
        Assert.Equal(["forklift", "truck", "truck"], mentions.Select(m => m.Class));
    }

    [Fact]
    public void Read_FromSeveralThreads_GivesEqualReadings()
    {
        var reader = new ObjectReader(ObjectVocabulary.Coco);
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"A {ObjectVocabulary.Coco.Words.ElementAt(i)} and {i} cats.")];
        int[] counts = new int[texts.Length];
        Parallel.For(0, texts.Length, i => counts[i] = reader.Read(texts[i]).Mentions.Count);
        Assert.Equal(texts.Select(text => new ObjectReader(ObjectVocabulary.Coco).Read(text).Mentions.Count), counts);
    }
}
