using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class ObjectHalBenchTests
{
    private static readonly ObjectHalGolden Golden = new();

    [Fact]
    public void Truth_EveryImage_Agrees()
    {
        foreach (JsonProperty image in Golden.Expected.GetProperty("ground_truth").EnumerateObject())
        {
            Assert.Equal(image.Value.Strings().ToHashSet(), Golden.Truth.Images.GetValueOrDefault(image.Name) ?? new HashSet<string>());
        }
    }

    [Fact]
    public async Task ScoreAsync_Official_EveryResponseAgrees()
    {
        ObjectHalResult result = await OfficialAsync();
        AssertScores(result, "sentence");
        foreach ((JsonElement expected, ObjectScore score) in Golden.Cases.Zip(result.Scores))
        {
            Assert.Equal(expected.GetProperty("objs").Strings(), score.Words);
            Assert.Equal(
                expected.GetProperty("objs").Strings(),
                ObjectPhrases.Words(expected.GetProperty("extract_objs").Strings(), ObjectVocabulary.Coco, Golden.Tagger));
        }
    }

    [Fact]
    public async Task ScoreAsync_Official_OverallFiguresAgree()
    {
        ObjectHalResult result = await OfficialAsync();
        AssertMetrics(Golden.Expected.GetProperty("overall_metrics"), result);
        Assert.Equal(ObjectHalSummary.Header, Golden.Expected.GetProperty("printed").Text("header"));
        Assert.Equal(Golden.Expected.GetProperty("printed").Text("line"), ObjectHalSummary.Line(result));
        Assert.Equal(
            Golden.Expected.GetProperty("summary").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)),
            ObjectHalSummary.Table(result));
        Assert.Equal(0, result.Unjudged);
        Assert.DoesNotContain(result.Diagnostics, d => d.Code == DiagnosticCode.OtherPrompt);
    }

    [Fact]
    public async Task ScoreAsync_OfficialWithoutThePublishedPrompt_SaysSo()
    {
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog"])], ObjectVocabulary.Coco);
        using var client = StubChatClient.Saying((_, _) => "[\"dog\"]");
        ModelAnswer answer = new() { ImageId = "1", Question = "What?", Text = "A dog lies in the sun." };
        ObjectHalResult official = (await new ObjectHalBench(truth, new() { Mode = ScoringMode.Official })
            .ScoreAsync([answer], new Judge(client), cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(DiagnosticCode.OtherPrompt, Assert.Single(official.Diagnostics).Code);
        ObjectHalResult strict = (await new ObjectHalBench(truth)
            .ScoreAsync([answer], new Judge(client), cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Empty(strict.Diagnostics);
        Assert.Contains("A dog lies in the sun.", client.Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreAsync_Refusals_AreNamedCountedAndLeftOut()
    {
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog"]), new("2", ["cat"]), new("3", [])], ObjectVocabulary.Coco);
        using var client = new StubChatClient((prompt, _) => prompt.Contains("cat", StringComparison.Ordinal)
            ? new(new Microsoft.Extensions.AI.ChatMessage(ChatRole.Assistant, "")) { FinishReason = ChatFinishReason.ContentFilter }
            : StubChatClient.Response("[\"dog\"]"));
        ModelAnswer[] answers =
        [
            new() { ImageId = "1", Question = "What?", Text = "A dog lies in the sun." },
            new() { ImageId = "2", Question = "What?", Text = "A cat lies in the sun." },
        ];
        ObjectHalResult result = (await new ObjectHalBench(truth)
            .ScoreAsync(answers, new Judge(client), cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal((1, 1), (result.Unjudged, result.Scores.Count));
        Assert.Equal(
            [(DiagnosticCode.MissingAnswer, 1), (DiagnosticCode.JudgeRefused, 1)], result.Diagnostics.Totals().Select(t => (t.Key, t.Value)));
    }

    [Fact]
    public async Task ScoreAsync_Official_AsksAsThePublishedScript()
    {
        using StubChatClient client = Golden.Client();
        await Golden.Bench(ScoringMode.Official)
            .ScoreAsync(Golden.Answers, new Judge(client), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Golden.Calls, client.Calls);
        Assert.All(client.Messages, message => Assert.Equal(ChatRole.System, message.Role));
        Assert.All(client.Options, options => Assert.Equal((0.2f, 1f, 512), (options!.Temperature, options.TopP, options.MaxOutputTokens)));
    }

    [Fact]
    public void ScoreLexical_Official_EveryResponseAndFigureAgrees()
    {
        ObjectHalResult result = Golden.Bench(ScoringMode.Official).ScoreLexical(Golden.Answers);
        AssertScores(result, "sentence_exact_match");
        AssertMetrics(Golden.Expected.GetProperty("overall_metrics_exact_match"), result);
        Assert.Equal(Golden.Expected.GetProperty("printed").Text("line_exact_match"), ObjectHalSummary.Line(result));
    }

    public static TheoryData<string> Subsets =>
        [.. GoldenJson.Read("objhal", "parts.json").GetProperty("subsets").EnumerateArray().Select(s => s.GetRawText())];

    [Theory]
    [MemberData(nameof(Subsets), DisableDiscoveryEnumeration = true)]
    public async Task ScoreAsync_Subset_AgreesOrSaysWhatIsAbsent(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        ModelAnswer[] answers =
            [.. document.RootElement.GetProperty("positions").EnumerateArray().Select(p => Golden.Answers[p.GetInt32()])];
        using StubChatClient client = Golden.Client();
        ObjectHalResult result = (await Golden.Bench(ScoringMode.Official)
            .ScoreAsync(answers, new Judge(client), cancellationToken: TestContext.Current.CancellationToken))[0];
        if (document.RootElement.TryGetProperty("official_error", out _))
        {
            Assert.Contains(result.Diagnostics, d => d.Code == DiagnosticCode.FigureAbsent);
            Assert.Contains([result.Rates.OfResponsesWithObjects, result.Rates.OfMentions, result.Rates.Recall], rate => !rate.HasValue);
        }
        else
        {
            AssertMetrics(document.RootElement.GetProperty("overall_metrics"), result);
        }
    }

    [Fact]
    public async Task ScoreAsync_RepliesWithoutList_AreLeftOutAndCounted()
    {
        using var client = StubChatClient.Saying((_, _) => "No list today.");
        ObjectHalResult result = (await Golden.Bench(ScoringMode.Official).ScoreAsync(
            Golden.Answers, new Judge(client, new() { MaxAttempts = 2 }), cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(Golden.Asked, result.Unjudged);
        Assert.Equal(Golden.Cases.Length - Golden.Asked, result.Scores.Count);
        Assert.Equal(Golden.Asked, result.Diagnostics.Count(d => d.Code == DiagnosticCode.JudgeUnusable));
        Assert.Equal(Golden.Asked, result.Diagnostics.Totals()[DiagnosticCode.JudgeUnusable]);
        Assert.Equal(2 * Golden.Asked, client.Calls);
    }

    [Fact]
    public void ScoreLexical_AnswerFile_CarriesWhatTheFileLost()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("answers.jsonl"), """
            {"image_id": 1, "question": "q", "answer": "A dog."}
            {"question": "q", "answer": "A dog."}
            """);
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog"])], ObjectVocabulary.Coco);
        ObjectHalResult result = new ObjectHalBench(truth).ScoreLexical(AnswerFile.Read(folder.File("answers.jsonl")));
        Assert.Equal(DiagnosticCode.AnswerWithoutId, Assert.Single(result.Diagnostics).Code);
    }

    [Theory]
    [InlineData("kitchen table", "table")]
    [InlineData("bowl of bananas", "bowl", "banana")]
    [InlineData("car door")]
    [InlineData("dog's bowl", "bowl")]
    [InlineData("men with hot dogs", "man", "hot dog")]
    [InlineData("TV", "tv")]
    [InlineData("person riding a horse", "person", "horse")]
    public async Task ScoreAsync_Strict_TakesTheHeadsOfPhrases(string phrase, params string[] words)
    {
        ObjectTruth truth = ObjectTruth.From([new("1", [])], ObjectVocabulary.Coco);
        using var client = StubChatClient.Saying((_, _) => JsonSerializer.Serialize(new[] { phrase }));
        ObjectHalResult result = (await new ObjectHalBench(truth).ScoreAsync(
            [new() { ImageId = "1", Question = "What?", Text = "One two three four five." }], new Judge(client),
            cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(words, result.Scores[0].Mentions.Select(m => m.Word));
    }

    [Fact]
    public async Task ToAssessments_HallucinatedMentions_BecomeSegments()
    {
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog", "cup"])], ObjectVocabulary.Coco);
        using var client = StubChatClient.Saying((_, _) => "[\"dog\", \"wine glasses\", \"bicycle\"]");
        ObjectHalResult result = (await new ObjectHalBench(truth).ScoreAsync(
            [new() { ImageId = "1", Question = "What?", Text = "A dog sits by two wine glasses." }], new Judge(client),
            cancellationToken: TestContext.Current.CancellationToken))[0];
        ResponseAssessment assessment = result.ToAssessments()[0];
        Assert.Equal("wine glasses", assessment.Response.Substring(assessment.Segments[0].Span.Start, assessment.Segments[0].Span.Length));
        Assert.Equal(
            (3, 2, 2, 1), (assessment.Mentions, assessment.HallucinatedMentions, assessment.ObjectsPresent, assessment.ObjectsFound));
    }

    [Fact]
    public async Task Write_Official_AgreesWithTheScriptsFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(ObjectHalFile.NameFor("some/where/obj_halbench_answer.jsonl"));
        ObjectHalFile.Write(await OfficialAsync(), path);
        using JsonDocument expected = JsonDocument.Parse(await File.ReadAllTextAsync(
            ObjectHalGolden.Path("hall_obj_halbench_answer_-1.json"), TestContext.Current.CancellationToken));
        using JsonDocument written = JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.EndsWith("hall_obj_halbench_answer_-1.json", path, StringComparison.Ordinal);
        AssertJson(expected.RootElement.GetProperty("sentences"), written.RootElement.GetProperty("sentences"));
        AssertJson(expected.RootElement.GetProperty("overall_metrics"), written.RootElement.GetProperty("overall_metrics"));
    }

    private static async Task<ObjectHalResult> OfficialAsync()
    {
        using StubChatClient client = Golden.Client();
        return (await Golden.Bench(ScoringMode.Official)
            .ScoreAsync(Golden.Answers, new Judge(client), cancellationToken: TestContext.Current.CancellationToken))[0];
    }

    private static void AssertScores(ObjectHalResult result, string key)
    {
        Assert.Equal(Golden.Cases.Length, result.Scores.Count);
        foreach ((JsonElement stored, ObjectScore score) in Golden.Cases.Zip(result.Scores))
        {
            JsonElement expected = stored.GetProperty(key);
            Assert.Equal(expected.Text("caption"), score.Response);
            Assert.Equal(expected.GetProperty("words").Strings(), score.Words);
            Assert.Equal(
                expected.GetProperty("mscoco_generated_words").EnumerateArray().Select(w => (w[0].GetString()!, w[1].GetString()!)),
                score.Mentions.Select(m => (m.Word, m.Class)));
            Assert.Equal(
                expected.GetProperty("mscoco_hallucinated_words").EnumerateArray()
                    .Select(w => (w[0].GetString()!, w[1][0].GetString()!, w[1][1].GetString()!)),
                score.Hallucinated.Select(m => (m.Word, m.Word, m.Class)));
            Assert.Equal(
                expected.GetProperty("hallucination_idxs").EnumerateArray().Select(i => i.GetInt32()),
                score.Hallucinated.Select(m => m.Index));
            Assert.Equal(expected.GetProperty("mscoco_gt_words").Strings().ToHashSet(), score.Truth);
            Assert.Equal($"{expected.GetProperty("image_id").GetInt64()}", score.Answer.ImageId);
            Assert.Equal(expected.GetProperty("metrics").GetProperty("CHAIRs").GetInt32() == 1, score.IsHallucinated);
            Assert.Equal(expected.GetProperty("metrics").GetProperty("CHAIRi").GetDouble(), score.MentionRate, 1e-12);
        }
    }

    private static void AssertMetrics(JsonElement expected, ObjectHalResult result)
    {
        ObjectRates rates = result.Rates;
        Assert.Equal(expected.GetProperty("CHAIRs").GetDouble(), rates.OfResponses.Value, 1e-12);
        Assert.Equal(expected.GetProperty("CHAIRs_refine").GetDouble(), rates.OfResponsesWithObjects.Value, 1e-12);
        Assert.Equal(expected.GetProperty("CHAIRi").GetDouble(), rates.OfMentions.Value, 1e-12);
        Assert.Equal(expected.GetProperty("obj_rec").GetDouble(), rates.Recall.Value, 1e-12);
        Assert.Equal(expected.GetProperty("sentence_num").GetDouble(), rates.OfResponses.Denominator);
        Assert.Equal(expected.GetProperty("coco_sentence_num").GetDouble(), rates.OfResponsesWithObjects.Denominator);
        Assert.Equal(expected.GetProperty("coco_word_count").GetDouble(), rates.Recall.Numerator);
        Assert.Equal(expected.GetProperty("gt_word_count").GetDouble(), rates.Recall.Denominator);
        Assert.Equal(expected.GetProperty("avg_word_len").GetDouble(), result.AverageWords, 1e-12);
        Assert.Equal(expected.GetProperty("correct_rate").GetDouble(), 1 - rates.OfResponsesWithObjects.Value, 1e-12);
        Assert.Equal(expected.GetProperty("object_correct_rate").GetDouble(), 1 - rates.OfMentions.Value, 1e-12);
        if (result.Judge is { } judge)
        {
            AssertTokens(expected.GetProperty("all_gpt_used_tokens"), judge.Tokens);
            AssertTokens(expected.GetProperty("all_gpt_success_tokens"), judge.UsableTokens);
        }
    }

    private static void AssertTokens(JsonElement expected, JudgeTokens tokens) => Assert.Equal(
        (expected.GetProperty("total").GetInt64(), expected.GetProperty("input").GetInt64(), expected.GetProperty("output").GetInt64()),
        (tokens.Total, tokens.Input, tokens.Output));

    private static void AssertJson(JsonElement expected, JsonElement actual)
    {
        Assert.Equal(expected.ValueKind, actual.ValueKind);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name), actual.EnumerateObject().Select(p => p.Name));
                foreach (JsonProperty property in expected.EnumerateObject())
                {
                    AssertJson(property.Value, actual.GetProperty(property.Name));
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                foreach ((JsonElement e, JsonElement a) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
                {
                    AssertJson(e, a);
                }

                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.GetDouble(), actual.GetDouble(), 1e-12);
                break;
            default:
                Assert.Equal(expected.ToString(), actual.ToString());
                break;
        }
    }
}
