using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class MmHalBenchTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("mmhal", "golden.json");

    private static readonly MmHalItem[] Items =
    [
        .. Enumerable.Range(0, 96 + Golden.GetProperty("sets").EnumerateArray().Max(set => set.GetProperty("reviews").GetArrayLength()))
            .Select(i => new MmHalItem
            {
                ImageId = $"{i}", Objects = ["Dog", "Ball"], Question = $"What {i}?", Reference = "A dog.", Type = MmHalBench.TypeNames[i % 8],
                Answer = $"Answer {{}} {i}",
            }),
    ];

    [Fact]
    public void ReadOfficial_StoredReviews_Agree()
    {
        foreach (JsonElement stored in Golden.GetProperty("parsing").EnumerateArray())
        {
            string review = stored.Text("review");
            Assert.Equal(stored.GetProperty("score").GetInt32(), MmHalRating.ReadOfficial(review));
            Assert.Equal(stored.GetProperty("unique").GetBoolean(), MmHalRating.FoundOfficial(review).Length == 1);
        }

        Assert.Equal(Golden.GetProperty("types").Strings(), MmHalBench.TypeNames);
    }

    [Theory]
    [InlineData("Rating: 4, somewhat", 4)]
    [InlineData("Rating: **4**", 4)]
    [InlineData("**Rating:** 4", 4)]
    [InlineData("rating:4", 4)]
    [InlineData("Rating 5", 5)]
    [InlineData("Rating: 5/6. My rating: 5", 5)]
    [InlineData("Rating: 10", null)]
    [InlineData("Rating: 4.5", null)]
    [InlineData("Rating: -1", null)]
    [InlineData("Rating: 3 or Rating: 4", null)]
    [InlineData("Rating: six", null)]
    [InlineData("Score: 4", null)]
    [InlineData("", null)]
    public void Read_Review_OneClearRatingOrNone(string review, int? rating) => Assert.Equal(rating, MmHalRating.Read(review));

    public static TheoryData<string> Sets => [.. Golden.GetProperty("sets").EnumerateArray().Select(s => s.GetRawText())];

    [Theory]
    [MemberData(nameof(Sets), DisableDiscoveryEnumeration = true)]
    public void Score_Official_StoredSetAgrees(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement expected = document.RootElement.GetProperty("expected"), printed = expected.GetProperty("printed");
        string[] reviews = document.RootElement.GetProperty("reviews").Strings();
        MmHalResult result = MmHalBench.Score(Items[..reviews.Length], reviews, ScoringMode.Official);
        Assert.Equal(expected.GetProperty("scores").EnumerateArray().Select(s => s.GetInt32()), result.Scores.Select(s => s.Rating!.Value));
        Assert.Equal(
            expected.GetProperty("hallucination").EnumerateArray().Select(s => s.GetInt32() == 1),
            result.Scores.Select(s => s.IsHallucinated));
        Assert.Equal(
            expected.GetProperty("informativeness_points").EnumerateArray().Select(s => s.GetInt32()),
            result.Scores.Select(s => s.Informativeness!.Value));
        Assert.Equal(expected.GetProperty("average_score").GetDouble(), result.Metrics.AverageScore.Value, 1e-12);
        Assert.Equal(expected.GetProperty("hallucination_rate").GetDouble(), result.Metrics.HallucinationRate.Value, 1e-12);
        Assert.Equal(expected.GetProperty("informativeness").GetDouble(), result.Metrics.Informativeness.Value * 100, 1e-9);
        Assert.Equal(
            expected.GetProperty("per_type").EnumerateArray().Select(s => s.GetDouble()),
            MmHalBench.TypeNames.Select(type => result.ByType![type]),
            (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(printed.Text("average"), MmHalSummary.Average(result));
        Assert.Equal(printed.Text("rate"), MmHalSummary.Rate(result));
        Assert.Equal(printed.Text("rate_three_digits"), MmHalSummary.Rate(result, 3));
        Assert.Equal(printed.Text("informativeness"), MmHalSummary.Informativeness(result));
        Assert.Equal(printed.Text("per_type"), MmHalSummary.ByType(result));
    }

    [Fact]
    public void Score_FewerThan96_HasNoTypesAndSaysSo()
    {
        int count = Golden.GetProperty("fewer_than_96").GetProperty("count").GetInt32(); // The published script stops with an IndexError.
        MmHalResult result = MmHalBench.Score(Items[..count], [.. Enumerable.Repeat("Rating: 5", count)]);
        Assert.Null(result.ByType);
        Assert.Contains(result.Diagnostics, d => d.Code == DiagnosticCode.FigureAbsent);
        Assert.EndsWith("n/a", MmHalSummary.ByType(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Score_UnclearReviews_AreLeftOutInStrictAndGuessedInOfficial()
    {
        string[] reviews = ["Rating: 5", "Rating: **6**", "No idea", "Rating: 1"];
        MmHalResult strict = MmHalBench.Score(Items[..4], reviews);
        Assert.Equal((3L, 1), (strict.Metrics.AverageScore.Denominator, strict.Metrics.Unusable));
        Assert.Equal(4, strict.Metrics.AverageScore.Value);
        MmHalResult official = MmHalBench.Score(Items[..4], reviews, ScoringMode.Official);
        Assert.Equal((5 + 0 + 0 + 1) / 4.0, official.Metrics.AverageScore.Value);
        Assert.Equal(0.75, official.Metrics.HallucinationRate.Value);
        Assert.Equal(1, official.Metrics.Unusable);
    }

    [Fact]
    public async Task ScoreAsync_AsksOneUserMessageAndAgainForAnUnclearReview()
    {
        using var client = StubChatClient.Saying((_, call) => call == 1 ? "Rating: 3 or Rating: 4" : "Fine.\nRating: 4");
        MmHalResult strict = (
            await MmHalBench.ScoreAsync(Items[..5], new Judge(client), cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(10, client.Calls);
        Assert.Equal(4, strict.Metrics.AverageScore.Value);
        Assert.All(client.Messages, message => Assert.Equal(ChatRole.User, message.Role));
        Assert.All(client.Options, options => Assert.Equal(0, options!.Temperature));
        Assert.EndsWith(
            "### Image Contents\nDog, Ball\n\n### Question\nWhat 0?\n\n### Standard Human-Generated Answer\nA dog.\n\n### LMM Response " +
            "to Evaluate\nAnswer {} 0\n",
            MmHalBench.Prompt(Items[0]), StringComparison.Ordinal);

        using var once = StubChatClient.Saying((_, _) => "Rating: 3 or Rating: 4");
        MmHalResult official = (await MmHalBench.ScoreAsync(
            Items[..5], new Judge(once), ScoringMode.Official, cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(5, once.Calls);
        Assert.Equal(0, official.Metrics.AverageScore.Value);
    }

    [Fact]
    public async Task ScoreAsync_Repeats_ShowTheJudgesSpread()
    {
        int call = 0;
        using var client = StubChatClient.Saying((_, _) => $"Rating: {(Interlocked.Increment(ref call) - 1) / 5 * 2}");
        IReadOnlyList<MmHalResult> results = await MmHalBench.ScoreAsync(
            Items[..5], new Judge(client, new() { Repeats = 3, Parallelism = 1 }),
            cancellationToken: TestContext.Current.CancellationToken);
        RepeatedFigure figure = RepeatedFigure.Of(results, result => result.Metrics.AverageScore.Value);
        Assert.Equal([0, 2, 4], figure.Values);
        Assert.Equal((2, 2), (figure.Mean, figure.StandardDeviation));
    }

    [Fact]
    public void Files_StoredRun_FillsAndMergesAlike()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<MmHalItem> items = MmHalFile.Fill(
            MmHalFile.ReadTemplate(Stored("template")),
            Stored("answers"));
        MmHalFile.WriteMerged(items, null, folder.File("merged.json"));
        Assert.Equal(
            File.ReadAllText(Stored("merged")).TrimEnd(),
            File.ReadAllText(folder.File("merged.json")).TrimEnd());
        IReadOnlyList<string> reviews = MmHalFile.ReadReviews(Stored("reviews"));
        Assert.Contains(Golden.GetProperty("sets").EnumerateArray(), set => set.GetProperty("reviews").Strings().SequenceEqual(reviews));
    }

    [Fact]
    public void WriteMerged_Template_KeepsEveryFieldAndEveryCharacter()
    {
        using var folder = new TemporaryFolder();
        const string Template = """
            [
                {
                    "question_type": "attribute",
                    "question_topic": "food",
                    "image_id": "0012",
                    "image_src": "https://example.org/a?b=1&c='2'",
                    "image_content": [],
                    "question": "\u001c\b \"\\/\" \t?",
                    "gt_answer": "\u007f",
                    "model_answer": "MODEL",
                    "gpt4_review": "\ud83d\udc15 \u2028\nRating: 4"
                }
            ]
            """;
        string written = Template.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\\u007f", "\u007f", StringComparison.Ordinal)
            .Replace("\\ud83d\\udc15 \\u2028", "\ud83d\udc15 \u2028", StringComparison.Ordinal)
            .Replace("MODEL", "a \u200b", StringComparison.Ordinal);
        File.WriteAllText(folder.File("t.json"), Template);
        File.WriteAllText(folder.File("a.jsonl"), """{"text": " Assistant:\u001f a \u200b "}""");
        IReadOnlyList<MmHalItem> items = MmHalFile.Fill(MmHalFile.ReadTemplate(folder.File("t.json")), folder.File("a.jsonl"));
        MmHalFile.WriteMerged(items, ["\ud83d\udc15 \u2028\nRating: 4"], folder.File("m.json"));
        Assert.Equal(written, File.ReadAllText(folder.File("m.json")));
    }

    [Fact]
    public void Fill_BrokenLines_KeepTheOthersInPlaceAndAreInTheResult()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.jsonl"), """
            {"text": "Assistant: one"}
            {"text": "two
            {"question": "q"}
            {"answer": "four"}
            """);
        RecordFile<MmHalItem> items = MmHalFile.Fill(Items[..4], folder.File("a.jsonl"));
        Assert.Equal(["one", "", "", "four"], items.Select(item => item.Answer));
        MmHalResult result = MmHalBench.Score(items, ["Rating: 6", "Rating: 3", "Rating: 3", "Rating: 6"]);
        Assert.Equal(
            [("a.jsonl:2", DiagnosticCode.MalformedRecord), ("a.jsonl:3", DiagnosticCode.MalformedRecord), ("1", DiagnosticCode.EmptyAnswer),
                ("2", DiagnosticCode.EmptyAnswer), ("", DiagnosticCode.FigureAbsent)],
            result.Diagnostics.Select(d => (d.Item, d.Code)));
    }

    [Fact]
    public void ReadReviews_RefusalsAndOddRecords_KeepTheirPlacesAndAreInTheResult()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("r.json"), """
            [{"choices": [{"message": {"content": "Rating: 6"}}]}, {"choices": [{"message": {"content": null, "refusal": "No."}}]}, 5,
             {"choices": [{"message": {"content": "Rating: 2"}}]}, {"error": "busy"}]
            """);
        RecordFile<string> reviews = MmHalFile.ReadReviews(folder.File("r.json"));
        Assert.Equal(["Rating: 6", "", "", "Rating: 2", ""], reviews);
        MmHalResult result = MmHalBench.Score(Items[..5], reviews);
        Assert.Equal((2L, 3), (result.Metrics.AverageScore.Denominator, result.Metrics.Unusable));
        Assert.Equal(3, result.Diagnostics.Totals()[DiagnosticCode.MalformedRecord]);
        Assert.Equal(3, result.Diagnostics.Totals()[DiagnosticCode.JudgeUnusable]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ScoreAsync_StoppedOnTheWay_NextRunAsksOnlyForTheRest(bool crash)
    {
        using var folder = new TemporaryFolder();
        JudgeOptions options = new() { StorePath = folder.File("replies.jsonl"), Parallelism = 1 };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var interrupted = StubChatClient.Saying((prompt, _) =>
        {
            if (prompt.Contains("What 3?", StringComparison.Ordinal))
            {
                stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
            }

            return "Rating: 5";
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => MmHalBench.ScoreAsync(Items[..6], new Judge(interrupted, options), cancellationToken: stop.Token));
        if (crash)
        {
            // The machine went down while the third reply was being written.
            string text = await File.ReadAllTextAsync(options.StorePath!, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(options.StorePath!, text[..^30], TestContext.Current.CancellationToken);
        }

        using var resumed = StubChatClient.Saying((_, _) => "Rating: 4");
        MmHalResult result = (await MmHalBench.ScoreAsync(
            Items[..6], new Judge(resumed, options), cancellationToken: TestContext.Current.CancellationToken))[0];
        int kept = crash ? 2 : 3;
        Assert.Equal(6 - kept, resumed.Calls);
        Assert.Equal(kept, result.Judge!.StoredReplies);
        Assert.Equal([.. Enumerable.Repeat<int?>(5, kept), .. Enumerable.Repeat<int?>(4, 6 - kept)], result.Scores.Select(score => score.Rating));

        MmHalResult again = (await MmHalBench.ScoreAsync(
            Items[..6], Judge.FromStore(options.StorePath!, "stub"), cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(result.Metrics.AverageScore.Value, again.Metrics.AverageScore.Value);
    }

    [Fact]
    public void ReadTemplate_PublishedQuestions_AreTheEightTypesInTurn()
    {
        IReadOnlyList<MmHalItem> items = MmHalFile.ReadTemplate(GoldenJson.Path("data", "mmhal", "questions.json"));
        Assert.Equal(96, items.Count);
        Assert.Equal(Enumerable.Range(0, 96).Select(i => MmHalBench.TypeNames[i % 8]), items.Select(item => item.Type));
        foreach ((JsonElement stored, MmHalItem item) in GoldenJson.Read("data", "mmhal", "questions.json").EnumerateArray().Zip(items))
        {
            Assert.Equal(
                (stored.Text("image_id"), stored.Text("question"), stored.Text("gt_answer"), stored.Text("question_topic")),
                (item.ImageId, item.Question, item.Reference, item.Topic));
            Assert.Equal(stored.GetProperty("image_content").Strings(), item.Objects);
        }

        Assert.Equal(File.ReadAllText(GoldenJson.Path("data", "mmhal", "judge_prompt.txt")).Replace("{}", "", StringComparison.Ordinal),
            MmHalBench.Prompt(items[0] with { Objects = [], Question = "", Reference = "", Answer = "" }));
    }

    [Fact]
    public void Fill_OtherNumberOfAnswers_Throws()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => MmHalFile.Fill(Items[..3], Stored("answers")));
        int answers = File.ReadLines(Stored("answers")).Count();
        Assert.Contains($"{answers} answers to 3 questions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteMerged_OtherNumberOfReviews_Throws()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>("reviews", () => MmHalFile.WriteMerged(Items[..3], ["Rating: 1"], folder.File("m.json")));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(96)]
    public void Score_NoReviewIsClear_SaysThatThereIsNoScore(int count)
    {
        MmHalResult result = MmHalBench.Score(Items[..count], [.. Enumerable.Repeat("I cannot say.", count)]);
        Assert.False(result.Metrics.AverageScore.HasValue);
        Assert.Equal(count, result.Metrics.Unusable);
        Assert.Contains(result.Diagnostics, d => d.Message.StartsWith("There is no score", StringComparison.Ordinal));
    }

    private static string Stored(string kind) => GoldenJson.Path("mmhal", Golden.GetProperty("files").Text(kind));
}
