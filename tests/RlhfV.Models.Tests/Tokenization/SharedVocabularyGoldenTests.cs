using System.Diagnostics;

namespace RlhfV.Models.Tokenization.Tests;

[Trait("Category", "Golden")]
public class SharedVocabularyGoldenTests
{
    public static TheoryData<string> Names => [.. SharedVocabularies.Folders.Select(f => Path.GetFileName(f)!)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Names))]
    public void Load_PublishedVocabulary_GivesTheIdsOfTheReference(string name)
    {
        string folder = SharedVocabularies.Folders.Single(f => Path.GetFileName(f) == name);
        Assert.SkipUnless(
            File.Exists(Path.Combine(folder, "tokenizer.json")),
            $"{name}: the expectations are there, the vocabulary itself is not (its licence is its owner's).");

        IdGoldens.Read(Path.Combine(folder, "ids.json")).Check(TextTokenizer.Load(folder));
    }

    [Fact]
    public void Encode_ThousandCaptionsWithLlamaVocabulary_TakesUnderASecond()
    {
        string? folder = SharedVocabularies.Folders.FirstOrDefault(f => File.Exists(Path.Combine(f, "tokenizer.json")));
        Assert.SkipWhen(folder is null, "No published vocabulary is present beside the repository.");
        TextTokenizer tokenizer = TextTokenizer.Load(folder);
        string[] words =
            ["A", "kitchen", "table", "stands", "beside", "the", "refrigerator", "with", "umbrellas,", "two", "bowls", "of", "fruit."];
        string[] captions =
            [.. Enumerable.Range(0, 1000).Select(i =>
            string.Join(' ', Enumerable.Range(0, 60).Select(k => words[(i * 31 + k * 7) % 13])))];

        // The best of three: other tests share the cores.
        TimeSpan[] times = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            Assert.True(captions.Sum(c => tokenizer.Encode(c).Count) > 60_000);
            return clock.Elapsed;
        })];

        Assert.True(times.Min() < TimeSpan.FromSeconds(1), $"The captions took {times.Min().TotalSeconds:0.00} s.");
    }
}
