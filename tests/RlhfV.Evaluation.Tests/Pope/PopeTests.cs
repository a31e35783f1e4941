using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class PopeTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("pope", "golden.json");

    [Fact]
    public void ReadOfficial_StoredAnswers_Agree()
    {
        foreach (JsonElement stored in Golden.GetProperty("parsing").EnumerateArray())
        {
            Assert.Equal(stored.Text("parsed") == "yes", Evaluation.Pope.ReadOfficial(stored.Text("answer")));
        }
    }

    public static TheoryData<string> Sets => [.. Golden.GetProperty("sets").EnumerateArray().Select(s => s.GetRawText())];

    [Theory]
    [MemberData(nameof(Sets), DisableDiscoveryEnumeration = true)]
    public void Score_Official_StoredSetAgrees(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement set = document.RootElement, expected = set.GetProperty("metrics");
        PopeQuestion[] questions =
            [.. set.GetProperty("labels").Strings().Select((label, i) => new PopeQuestion($"{i}", "", "", label != "no"))];
        PopeAnswer[] answers = [.. set.GetProperty("answers").Strings().Select(text => new PopeAnswer(null, text))];
        PopeResult result = Evaluation.Pope.Score(questions, answers, ScoringMode.Official);
        PopeMetrics metrics = result.Metrics;
        string[] parsed = set.GetProperty("parsed").Strings();
        Assert.Equal(parsed.Take(questions.Length), result.Items.Select(item => item.SaysYes is true ? "yes" : "no"));
        Assert.Equal(parsed, answers.Select(answer => Evaluation.Pope.ReadOfficial(answer.Text) ? "yes" : "no"));
        Assert.Equal(expected.GetProperty("TP").GetInt32(), metrics.TruePositives);
        Assert.Equal(expected.GetProperty("FP").GetInt32(), metrics.FalsePositives);
        Assert.Equal(expected.GetProperty("TN").GetInt32(), metrics.TrueNegatives);
        Assert.Equal(expected.GetProperty("FN").GetInt32(), metrics.FalseNegatives);
        Assert.Equal(expected.GetProperty("yes_ratio").GetDouble(), metrics.YesRatio.Value, 1e-12);
        if (expected.TryGetProperty("error", out _))
        {
            Assert.True(double.IsNaN(metrics.F1.Value));
        }
        else
        {
            Assert.Equal(expected.GetProperty("accuracy").GetDouble(), metrics.Accuracy.Value, 1e-12);
            Assert.Equal(expected.GetProperty("precision").GetDouble(), metrics.Precision.Value, 1e-12);
            Assert.Equal(expected.GetProperty("recall").GetDouble(), metrics.Recall.Value, 1e-12);
            Assert.Equal(expected.GetProperty("f1").GetDouble(), metrics.F1.Value, 1e-12);
            Assert.Equal(set.Text("printed"), PopeSummary.Text(metrics));
            Assert.Equal(set.Text("short_line_f1_acc_prec_rec_yes"), PopeSummary.Line(metrics));
        }
    }

    [Fact]
    public void Score_Official_StoredFilesAgree()
    {
        PopeResult result = Evaluation.Pope.Score(
            PopeFile.ReadQuestions(GoldenJson.Path("pope", "labels.jsonl")), PopeFile.ReadAnswers(GoldenJson.Path("pope", "answers.jsonl")),
            ScoringMode.Official);
        JsonElement stored = Golden.GetProperty("sets").EnumerateArray()
            .First(set => set.GetProperty("answers").Strings().SequenceEqual(result.Items.Select(item => item.Answer)));
        Assert.Equal(stored.GetProperty("parsed").Strings(), result.Items.Select(item => item.SaysYes is true ? "yes" : "no"));
        Assert.Equal(stored.Text("printed"), PopeSummary.Text(result.Metrics));
        Assert.Equal(result.Metrics.Unclear, result.Diagnostics.Count(d => d.Code == DiagnosticCode.UnclearAnswer));
    }

    [Fact]
    public void Score_MoreAnswersThanQuestions_CountInTheShareOfYesOfTheScriptAlone()
    {
        PopeQuestion[] questions = [new("1", "", "", true), new("2", "", "", false)];
        PopeAnswer[] answers = [new(null, "yes"), new(null, "no"), new(null, "yes"), new(null, "yes")];
        PopeMetrics official = Evaluation.Pope.Score(questions, answers, ScoringMode.Official).Metrics;
        Assert.Equal((0.75, 1, 1), (official.YesRatio.Value, official.Precision.Value, official.Accuracy.Value));
        Assert.Equal(0.5, Evaluation.Pope.Score(questions, answers).Metrics.YesRatio.Value);
    }

    [Fact]
    public void Text_FigureBelowATenThousandth_IsPrintedAsTheScriptPrintsIt()
    {
        PopeQuestion[] questions = [.. Enumerable.Range(0, 20000).Select(i => new PopeQuestion($"{i}", "", "", i == 0))];
        PopeAnswer[] answers = [.. questions.Select(question => new PopeAnswer(null, question.IsPresent ? "yes" : "no"))];
        PopeMetrics metrics = Evaluation.Pope.Score(questions, answers, ScoringMode.Official, new() { Resamples = 100 }).Metrics;
        Assert.EndsWith("Yes ratio: 5e-05\n", PopeSummary.Text(metrics), StringComparison.Ordinal);
    }

    [Fact]
    public void Score_Strict_UnclearAndMissingAnswersAreWrongAndCounted()
    {
        PopeQuestion[] questions = [new("1", "", "", true), new("2", "", "", false), new("3", "", "", true), new("4", "", "", false)];
        PopeResult result = Evaluation.Pope.Score(
            questions, [new("2", "no"), new("1", "YES"), new("3", "Who knows?"), new("1", "No"), new("9", "yes")]);
        Assert.Equal(
            (1, 0, 1, 0),
            (result.Metrics.TruePositives, result.Metrics.FalsePositives, result.Metrics.TrueNegatives, result.Metrics.FalseNegatives));
        Assert.Equal(2, result.Metrics.Unclear);
        Assert.Equal(0.5, result.Metrics.Accuracy.Value);
        Assert.Equal(0.5, result.Metrics.Recall.Value);
        Assert.Equal(1, result.Metrics.Precision.Value);
        Assert.Equal(
            [DiagnosticCode.DuplicateAnswer, DiagnosticCode.MissingTruth, DiagnosticCode.MissingAnswer, DiagnosticCode.UnclearAnswer,
                DiagnosticCode.UnclearAnswer],
            result.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void Score_Strict_AnswerWithoutIdAmongOthers_IsLeftOutInsteadOfMovingTheRest()
    {
        PopeQuestion[] questions = [new("1", "", "", true), new("2", "", "", false), new("3", "", "", true)];
        PopeResult result = Evaluation.Pope.Score(questions, [new("3", "yes"), new(null, "no"), new("1", "yes")]);
        Assert.Equal((2, 1), (result.Metrics.TruePositives, result.Metrics.Unclear));
        Assert.Equal(
            [DiagnosticCode.AnswerWithoutId, DiagnosticCode.MissingAnswer, DiagnosticCode.UnclearAnswer], result.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData(ScoringMode.Official)]
    [InlineData(ScoringMode.Strict)]
    public void ReadAnswers_BrokenLine_KeepsTheOthersInPlaceAndIsInTheResult(ScoringMode mode)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.jsonl"), """
            {"question": "q", "answer": "Yes"}
            {"question": "q", "answer":
            {"question": "q"}
            {"question": "q", "answer": "No"}
            """);
        RecordFile<PopeAnswer> answers = PopeFile.ReadAnswers(folder.File("a.jsonl"));
        Assert.Equal(["Yes", "", "", "No"], answers.Select(answer => answer.Text));
        PopeQuestion[] questions = [new("1", "", "", true), new("2", "", "", true), new("3", "", "", true), new("4", "", "", false)];
        PopeResult result = Evaluation.Pope.Score(questions, answers, mode);
        Assert.Equal(["a.jsonl:2", "a.jsonl:3"], result.Diagnostics.Where(d => d.Code == DiagnosticCode.MalformedRecord).Select(d => d.Item));
        Assert.Equal(1, result.Metrics.TrueNegatives);
        Assert.Equal(2, result.Metrics.Unclear);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("popular")]
    [InlineData("adversarial")]
    public void ReadQuestions_PublishedSample_AsksSixTimesPerImageHalfAboutAbsentObjects(string split)
    {
        IReadOnlyList<PopeQuestion> questions = PopeFile.ReadQuestions(GoldenJson.Path("data", "pope", $"coco_pope_{split}.sample.jsonl"));
        Assert.NotEmpty(questions);
        Assert.All(questions.GroupBy(q => q.Image), image => Assert.Equal((6, 3), (image.Count(), image.Count(q => q.IsPresent))));
        using var folder = new TemporaryFolder();
        PopeFile.WriteQuestions(questions, folder.File("again.jsonl"));
        Assert.Equal(questions, PopeFile.ReadQuestions(folder.File("again.jsonl")));
    }

    [Fact]
    public void ReadQuestions_WithoutLabel_Throws()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("q.jsonl"), """{"question_id": 1, "text": "Is there?"}""");
        Assert.Contains(
            "'label'", Assert.Throws<InvalidDataException>(() => PopeFile.ReadQuestions(folder.File("q.jsonl"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No")]
    [InlineData("absent")]
    public void ReadQuestions_OtherLabel_ThrowsInsteadOfTakingItForAYes(string label)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("q.jsonl"), $$"""
            {"question_id": 1, "text": "Is there?", "label": "no"}
            {"question_id": 2, "text": "Is there?", "label": "{{label}}"}
            """);
        Assert.Contains(
            $"q.jsonl:2: the label is '{label}'", Assert.Throws<InvalidDataException>(() => PopeFile.ReadQuestions(folder.File("q.jsonl"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Score_SplitsPutTogether_SaysThatTheirIdsAreTheSame()
    {
        PopeResult result = Evaluation.Pope.Score([new("1", "", "", true), new("1", "", "", false)], [new("1", "yes")]);
        Assert.Equal(("1", DiagnosticCode.DuplicateTruth), (result.Diagnostics[0].Item, result.Diagnostics[0].Code));
    }

    [Fact]
    public void Score_NothingToDivideBy_FiguresAreAbsentAndSaidSo()
    {
        Assert.Equal(4, Evaluation.Pope.Score([], []).Diagnostics.Totals()[DiagnosticCode.FigureAbsent]);
        PopeResult allNo = Evaluation.Pope.Score([new("1", "", "", false)], [new("1", "no")]);
        Assert.Equal(["precision", "recall", "F1"], allNo.Diagnostics.Select(d => d.Message.Split(' ')[3].TrimEnd(':')));
    }

}
