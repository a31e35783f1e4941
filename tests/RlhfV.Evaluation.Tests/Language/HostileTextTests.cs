using System.Text;
using System.Text.Json;
using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

/// <summary>Whatever a model says, halves of emoji and control characters included, is read without an exception, and places lie in the text.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Pieces =
    [
        "dog", "Hot Dogs", "toilet seat", "TV", "can't", "No", "yes", "rating: 4", "8 9", "1,000", "a.b.", "...", "--", "``", "''", "'", "\"", "(", ")", "[[B]]",
        "not correct", " ", "\t", "\r\n", "\n", "\0", "\u00a0", "\u2028", "\u202e", "\ud83d", "\udc15", "\ud83d\udc15", "\u0130", "\u00df", "\ufb01", "e\u0301",
        "\u4e00\u4e8c", "\u0661\u0662", "\uff11", "\u2019s", "-", "-x-", "_", "$", "{0}", "{}", "<b>", "&amp;", "%", "\\", "]", "|", ",", ".", ":", "=", "**",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_RandomPieces_ObjectsLieInTheText(int seed)
    {
        ObjectReader[] readers =
        [
            new(ObjectVocabulary.Coco), new(ObjectVocabulary.Coco, WordForm.WordNet), new(ObjectVocabulary.Chair2018, WordForm.Singular2018),
            new(ObjectVocabulary.Chair2018, WordForm.TaggedLemma),
        ];
        foreach (string text in Texts(seed))
        {
            foreach (ObjectReader reader in readers)
            {
                Assert.All(reader.Read(text).Mentions, mention =>
                {
                    Assert.InRange(mention.Span.Start, 0, text.Length);
                    Assert.InRange(mention.Span.End, mention.Span.Start, text.Length);
                });
            }

            Assert.All(LexiconTagger.Instance.Tag(text), word => Assert.NotEqual("", word.Text));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_RandomPieces_RepliesAreReadOrNot(int seed)
    {
        foreach (string text in Texts(seed))
        {
            Assert.True(MmHalRating.Read(text) is null or >= 0 and <= 6);
            Assert.InRange(MmHalRating.ReadOfficial(text), 0, 6);
            Assert.True(LlavaBenchScores.Read(text) is null or { Reference: >= 1 and <= 10, Answer: >= 1 and <= 10 });
            _ = LlavaBenchScores.ReadOfficial(text);
            _ = (YesNo.Read(text), Evaluation.Pope.ReadOfficial(text), Evaluation.RefoMb.Read(text), Evaluation.HallusionBench.Read(text));
            _ = (ObjectExtraction.Parse(text), ObjectExtraction.IsAsked(text), Evaluation.OverGeneralization.Names(text, "dog"));
            Assert.Equal(VqaNormalizer.Normalize(text), VqaNormalizer.Normalize(text));
            Assert.DoesNotContain('\n', VqaNormalizer.NormalizeForSubmission(text));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Html_RandomSegments_IsWellFormedText(int seed)
    {
        var random = new Random(seed);
        foreach (string text in Texts(seed).Where(text => text.Length > 0))
        {
            HallucinatedSegment[] segments =
            [
                .. Enumerable.Range(0, 3).Select(_ => random.Next(text.Length))
                    .Select(start => new HallucinatedSegment(new TextSpan(start, 1 + random.Next(text.Length - start)), new HallucinationType(text.Trim() is { Length: > 0 } code ? code : "x"))),
            ];
            string html = MarkedText.Html(new() { Id = "1", Prompt = "", Response = text, Segments = segments });
            Assert.Equal(html, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(html))); // No half of a character is left.
            Assert.Equal(html.Split("<mark").Length, html.Split("</mark>").Length);
        }
    }

    [Fact]
    public void Write_OddTextInEveryFile_IsJsonThatCanBeReadAgain()
    {
        using var folder = new TemporaryFolder();
        string odd = string.Concat(Pieces);
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog"])], ObjectVocabulary.Coco);
        ObjectHalFile.Write(new ObjectHalBench(truth).ScoreLexical([new() { ImageId = "1", Question = odd, Text = odd }]), folder.File("hall.json"));
        PopeFile.WriteQuestions([new(odd, odd, odd, true)], folder.File("pope.jsonl"));
        MmHalFile.WriteMerged(
            [new() { ImageId = odd, Objects = [odd], Question = odd, Reference = odd, Type = odd, Answer = odd }], [odd], folder.File("merged.json"));
        using JsonDocument hall = JsonDocument.Parse(File.ReadAllBytes(folder.File("hall.json")));
        Assert.Equal(1, hall.RootElement.GetProperty("sentences").GetArrayLength());
        Assert.Single(PopeFile.ReadQuestions(folder.File("pope.jsonl")));
        Assert.Single(MmHalFile.ReadTemplate(folder.File("merged.json")));
    }

    private static IEnumerable<string> Texts(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            yield return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pieces[random.Next(Pieces.Length)] + (random.Next(3) == 0 ? " " : "")));
        }
    }
}
