using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class LlavaBenchTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("llavabench", "golden.json");

    [Fact]
    public void ReadOfficial_StoredReviews_Agree()
    {
        foreach (JsonElement stored in Golden.GetProperty("parsing").EnumerateArray())
        {
            LlavaBenchScores scores = LlavaBenchScores.ReadOfficial(stored.Text("review"));
            Assert.Equal(stored.GetProperty("llava").EnumerateArray().Select(value => value.Figure()), [scores.Reference, scores.Answer]);
            Assert.Equal(stored.GetProperty("rlhfv").EnumerateArray().Select(value => value.Figure()), [scores.Reference, scores.Answer]);
        }
    }

    [Theory]
    [InlineData("1_0 +8\nok", 10, 8)]
    [InlineData("\U0001D7D7 .5", 9, 0.5)]
    [InlineData("8\u00A0 5.", 8, 5)]
    [InlineData("-inf -NaN", double.NegativeInfinity, double.NaN)]
    [InlineData("1e400 1E-1_0", double.PositiveInfinity, 1e-10)]
    [InlineData("8\u001C 9", -1, -1)]
    [InlineData("1__0 9", -1, -1)]
    [InlineData("8\0 9", -1, -1)]
    [InlineData("8\uFE64 9", -1, -1)]
    [InlineData("\u22128 9", -1, -1)]
    public void ReadOfficial_NumbersAsTheScriptReadsThem(string review, double reference, double answer) =>
        Assert.Equal(new LlavaBenchScores(reference, answer), LlavaBenchScores.ReadOfficial(review));

    [Theory]
    [InlineData("8, 9\nok", 8, 9)]
    [InlineData(" 8 9 \nok", 8, 9)]
    [InlineData("8.5,10", 8.5, 10)]
    public void Read_TwoScores_HoweverSeparated(string review, double reference, double answer) =>
        Assert.Equal(new LlavaBenchScores(reference, answer), LlavaBenchScores.Read(review));

    [Theory]
    [InlineData("nan 3")]
    [InlineData("inf 3")]
    [InlineData("0 5")]
    [InlineData("-1 -1")]
    [InlineData("11 5")]
    [InlineData("8/10 9/10")]
    [InlineData("Scores: 8 9")]
    [InlineData("8 9 7")]
    [InlineData("")]
    public void Read_AnythingElse_IsNothing(string review) => Assert.Null(LlavaBenchScores.Read(review));

    public static TheoryData<string> Sets => [.. Golden.GetProperty("sets").EnumerateArray().Select(s => s.GetRawText())];

    [Theory]
    [MemberData(nameof(Sets), DisableDiscoveryEnumeration = true)]
    public void Score_StoredReviews_AgreeWithBothScripts(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement set = document.RootElement;
        LlavaBenchReview[] reviews = [.. LlavaBenchFile.ReadReviews(GoldenJson.Path("llavabench", set.Text("file")))];
        LlavaBenchResult official = LlavaBench.Score(reviews, ScoringMode.Official, new() { Resamples = 100 });
        foreach ((JsonElement expected, LlavaBenchCategory figures) in Pairs(set.GetProperty("expected_llava"), official))
        {
            Assert.Equal(expected.GetProperty("relative").Figure(), figures.PrintedRelative);
            Assert.Equal(
                expected.GetProperty("reference_times_ten").Figure(), ExactRounding.Round(ExactRounding.Round(figures.Reference, 3) * 10, 1));
            Assert.Equal(
                expected.GetProperty("model_times_ten").Figure(), ExactRounding.Round(ExactRounding.Round(figures.Answer, 3) * 10, 1));
        }

        // RLHF-V's script reads like LLaVA's but leaves out what has -1 for the reference, read or not.
        LlavaBenchReview[] kept = [.. reviews.Where(r => LlavaBenchScores.ReadOfficial(r.Text).Reference != -1)];
        if (!set.GetProperty("expected_rlhfv").IsOfficialError())
        {
            Assert.Equal(set.GetProperty("skipped").GetInt32(), reviews.Length - kept.Length);
        }

        Assert.InRange(official.Overall.Skipped, 0, reviews.Length - kept.Length);
        LlavaBenchResult skipping = LlavaBench.Score(kept, ScoringMode.Official, new() { Resamples = 100 });
        foreach ((JsonElement expected, LlavaBenchCategory figures) in Pairs(set.GetProperty("expected_rlhfv"), skipping))
        {
            Assert.Equal(expected.GetProperty("relative").Figure(), figures.PrintedRelative);
            Assert.Equal(expected.GetProperty("mean_reference").Figure(), ExactRounding.Round(figures.Reference, 3));
            Assert.Equal(expected.GetProperty("mean_model").Figure(), ExactRounding.Round(figures.Answer, 3));
        }

        static IEnumerable<(JsonElement Expected, LlavaBenchCategory Figures)> Pairs(JsonElement expected, LlavaBenchResult result)
        {
            if (expected.IsOfficialError())
            {
                // The script stops at a mean of zero, or at a review without a category.
                Assert.True(
                    result.ByCategory.Values.Append(result.Overall).Any(figures => double.IsNaN(figures.PrintedRelative))
                    || result.ByCategory.Values.Sum(figures => figures.Reviews) < result.Overall.Reviews);
                return [];
            }

            Assert.Equal(result.ByCategory.Keys.Append("all").Order(), expected.EnumerateObject().Select(category => category.Name).Order());
            return expected.EnumerateObject().Select(category => (
                category.Value, category.Name == "all" ? result.Overall : result.ByCategory[category.Name]));
        }
    }

    [Fact]
    public void Score_Strict_LeavesOutWhatItCannotRead()
    {
        LlavaBenchResult result = LlavaBench.Score([new("1", "conv", "8 4"), new("2", "conv", "hm"), new("3", "detail", "5, 5")]);
        Assert.Equal(
            (1, 1, 0.5), (result.ByCategory["conv"].Reviews, result.ByCategory["conv"].Skipped, result.ByCategory["conv"].Relative.Value));
        Assert.Equal(9.0 / 13, result.Overall.Relative.Value);
        Assert.Equal("2", Assert.Single(result.Diagnostics).Item);
    }

    [Fact]
    public void ReadReviews_BrokenAndRepeatedRecords_AreInTheResult()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("r.jsonl"), """
            {"question_id": 1, "category": "conv", "content": "8 4"}
            {"question_id": 1, "category": "conv", "content": "8 8"}
            {"question_id": 2, "category": "conv"}
            {"question_id": 3, "content": "7 5"}
            {"category": "conv", "content": "8 4"}
            8 4
            """);
        RecordFile<LlavaBenchReview> reviews = LlavaBenchFile.ReadReviews(folder.File("r.jsonl"));
        Assert.Equal(4, reviews.Count);
        LlavaBenchResult strict = LlavaBench.Score(reviews);
        Assert.Equal((2, 1), (strict.Overall.Reviews, strict.Overall.Skipped));
        Assert.Equal(0.6, strict.Overall.Relative.Value);
        Assert.Equal(0.5, strict.ByCategory["conv"].Relative.Value);
        Assert.Equal(["conv"], strict.ByCategory.Keys);
        Assert.Equal(
            [("r.jsonl:6", DiagnosticCode.MalformedRecord), ("r.jsonl:4", DiagnosticCode.MalformedRecord),
                ("r.jsonl:5", DiagnosticCode.AnswerWithoutId), ("1", DiagnosticCode.DuplicateAnswer), ("2", DiagnosticCode.JudgeUnusable)],
            strict.Diagnostics.Select(d => (d.Item, d.Code)));
        Assert.Equal(4, LlavaBench.Score(reviews, ScoringMode.Official).Overall.Reviews);
    }

    [Fact]
    public void ReadReviews_NumbersThatJsonDoesNotHave_LoseNoReview()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("r.jsonl"), """{"question_id": 1, "category": "conv", "content": "8 4\nNot \"NaN\": NaN", "tuple": [NaN, -Infinity]}""");
        RecordFile<LlavaBenchReview> reviews = LlavaBenchFile.ReadReviews(folder.File("r.jsonl"));
        Assert.Empty(reviews.Diagnostics);
        Assert.Equal("8 4\nNot \"NaN\": NaN", Assert.Single(reviews).Text);
    }

    [Fact]
    public void Score_ReferenceOfZero_HasNoRelativeScoreAndSaysSo()
    {
        LlavaBenchResult result = LlavaBench.Score([new("1", "conv", "0 5"), new("2", "detail", "4 2")], ScoringMode.Official);
        Assert.False(result.ByCategory["conv"].Relative.HasValue);
        Assert.Equal(
            (double.NaN, 50, 175),
            (result.ByCategory["conv"].PrintedRelative, result.ByCategory["detail"].PrintedRelative, result.Overall.PrintedRelative));
        Assert.Equal(("conv", DiagnosticCode.FigureAbsent), (result.Diagnostics[0].Item, Assert.Single(result.Diagnostics).Code));
    }

    [Fact]
    public async Task ScoreAsync_Refusal_IsNamedOneInTheResult()
    {
        using var client = new TwoMessageClient(_ => new(new ChatMessage(ChatRole.Assistant, "")) { FinishReason = ChatFinishReason.ContentFilter });
        LlavaBenchQuestion question = new() { Id = "7", Category = "conv", Context = "", Question = "", Reference = "", Answer = "" };
        LlavaBenchResult result = (await LlavaBench.ScoreAsync(
            [question], new Dictionary<string, string> { ["conv"] = "Rate." }, new Judge(client, new() { MaxAttempts = 1 }),
            cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(
            [("7", DiagnosticCode.JudgeRefused), ("", DiagnosticCode.FigureAbsent)], result.Diagnostics.Select(d => (d.Item, d.Code)));
        Assert.Equal(1, result.Overall.Skipped);
    }

    [Fact]
    public async Task ScoreAsync_AsksWithSystemMessageContextAndRule()
    {
        List<string> seen = [];
        using var client = new TwoMessageClient(messages =>
        {
            seen.AddRange(messages.Select(m => $"{m.Role}: {m.Text}"));
            return StubChatClient.Response("10 9\nGood.");
        });
        LlavaBenchQuestion question = new()
        {
            Id = "1",
            Category = "conv",
            Context = "A dog.\n\ndog: [0, 0, 1, 1]",
            Question = "What?",
            Reference = "A dog.",
            Answer = "A cat.",
        };
        LlavaBenchResult result = (await LlavaBench.ScoreAsync(
            [question], new Dictionary<string, string> { ["conv"] = "Rate them." }, new Judge(client),
            cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(0.9, result.Overall.Relative.Value);
        Assert.StartsWith("system: You are", seen[0], StringComparison.Ordinal);
        Assert.Equal(
            "user: [Context]\nA dog.\n\ndog: [0, 0, 1, 1]\n\n[Question]\nWhat?\n\n[Assistant 1]\nA dog.\n\n[End of Assistant 1]\n\n" +
            "[Assistant 2]\nA cat.\n\n" +
            "[End of Assistant 2]\n\n[System]\nRate them.\n\n", seen[1]);
    }

    [Fact]
    public async Task ScoreAsync_CategoryWithoutRule_Throws()
    {
        using var client = StubChatClient.Saying((_, _) => "8 9");
        LlavaBenchQuestion question = new() { Id = "1", Category = "conv", Context = "", Question = "", Reference = "", Answer = "" };
        await Assert.ThrowsAsync<ArgumentException>(() => LlavaBench.ScoreAsync(
            [question], new Dictionary<string, string>(), new Judge(client), cancellationToken: TestContext.Current.CancellationToken));
    }

    private sealed class TwoMessageClient(Func<IEnumerable<ChatMessage>, ChatResponse> reply) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(reply(messages));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Judges are asked for whole replies.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
