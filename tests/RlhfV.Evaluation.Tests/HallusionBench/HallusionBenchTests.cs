using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class HallusionBenchTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("hallusionbench", "golden.json");

    [Fact]
    public void Read_StoredReplies_Agree()
    {
        foreach (JsonElement stored in Golden.GetProperty("judge_parsing").EnumerateArray())
        {
            Assert.Equal(stored.Text("correctness"), $"{(int)Evaluation.HallusionBench.Read(stored.Text("reply"), ScoringMode.Official)}");
        }
    }

    [Theory]
    [InlineData("Correct.", HallusionVerdict.Right)]
    [InlineData("The answer is INCORRECT", HallusionVerdict.Wrong)]
    [InlineData("This is not correct.", HallusionVerdict.Wrong)]
    [InlineData("It isn't really correct", HallusionVerdict.Wrong)]
    [InlineData("not incorrect", HallusionVerdict.Right)]
    [InlineData("Incorrect; the correct answer is no.", HallusionVerdict.Unclear)]
    [InlineData("Correctness cannot be told.", HallusionVerdict.Unclear)]
    [InlineData("", HallusionVerdict.Unclear)]
    public void Read_Strict_KnowsDenialsAndCommitsToNothingInDoubt(string reply, HallusionVerdict verdict) =>
        Assert.Equal(verdict, Evaluation.HallusionBench.Read(reply));

    public static TheoryData<string> Runs => [.. Golden.GetProperty("runs").EnumerateArray().Select(run => run.GetRawText())];

    [Theory]
    [MemberData(nameof(Runs), DisableDiscoveryEnumeration = true)]
    public void Score_StoredRun_Agrees(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement run = document.RootElement, expected = run.GetProperty("expected");
        RecordFile<HallusionRecord> records = Read(run.GetProperty("records").GetRawText(), "check");
        Assert.Equal(run.GetProperty("correct").EnumerateArray().Select(c => c.GetInt32() == 1), records.Select(r => r.IsCorrect));
        HallusionMetrics metrics = Evaluation.HallusionBench.Score(records);
        Assert.Empty(metrics.Diagnostics);
        Assert.Equal(records.Count(r => r.Verdict == HallusionVerdict.Unclear), metrics.Unclear);
        AssertPrinted(expected.GetProperty("aAcc"), metrics.All);
        AssertPrinted(expected.GetProperty("qAcc"), metrics.Questions);
        AssertPrinted(expected.GetProperty("fAcc"), metrics.Figures);
        AssertPrinted(expected.GetProperty("easy_qAcc"), metrics.Easy);
        AssertPrinted(expected.GetProperty("hard_qAcc"), metrics.Hard);
        AssertAccuracy(expected.GetProperty("question"), metrics.All);
        AssertAccuracy(expected.GetProperty("pair"), metrics.Questions);
        AssertAccuracy(expected.GetProperty("easy"), metrics.Easy);
        AssertAccuracy(expected.GetProperty("hard"), metrics.Hard);
        Assert.Equal(expected.GetProperty("pair").GetProperty("total_q").GetInt32(), metrics.All.Total);
        Assert.Equal(expected.GetProperty("easy").GetProperty("total_q").GetInt32(), records.Count(r => r.VisualInput != "2"));
        Assert.Equal(expected.GetProperty("hard").GetProperty("total_q").GetInt32(), records.Count(r => r.VisualInput == "2"));
    }

    [Theory]
    [MemberData(nameof(Runs), DisableDiscoveryEnumeration = true)]
    public void Score_StoredRun_CausesConsistencyAndBiasAgree(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement expected = document.RootElement.GetProperty("expected");
        HallusionMetrics metrics = Evaluation.HallusionBench.Score(Read(document.RootElement.GetProperty("records").GetRawText(), "check"));
        Assert.Equal(Causes(expected.GetProperty("pair"), "_cg"), metrics.Causes);
        Assert.Equal(Causes(expected.GetProperty("pair"), ""), metrics.QuestionCauses);
        Assert.Equal(Causes(expected.GetProperty("question"), ""), metrics.VerdictCauses);
        JsonElement figure = expected.GetProperty("figure"), bias = expected.GetProperty("yes_ratio");
        if (figure.IsOfficialError())
        {
            Assert.Equal(0, metrics.Consistency.Total);
            Assert.True(double.IsNaN(metrics.Consistency.Score));
        }
        else
        {
            Assert.Equal(
                (figure.GetProperty("total").GetInt32(), figure.GetProperty("correct").GetInt32(), figure.GetProperty("inconsistent").GetInt32(),
                    figure.GetProperty("wrong").GetInt32()),
                (metrics.Consistency.Total, metrics.Consistency.Correct, metrics.Consistency.Inconsistent, metrics.Consistency.Wrong));
            Assert.Equal(figure.GetProperty("score").GetDouble(), metrics.Consistency.Score, 1e-12);
        }

        if (bias.IsOfficialError())
        {
            Assert.True(double.IsNaN(metrics.YesBias.FalsePositiveRatio));
        }
        else
        {
            Assert.Equal(bias.GetProperty("diff").GetDouble(), metrics.YesBias.Difference, 1e-12);
            Assert.Equal(bias.GetProperty("fp").GetDouble(), metrics.YesBias.FalsePositiveRatio, 1e-12);
        }

        static HallusionCauses Causes(JsonElement counts, string suffix) => new(
            counts.GetProperty("LH" + suffix).GetInt32(), counts.GetProperty("VI" + suffix).GetInt32(), counts.GetProperty("Mix" + suffix).GetInt32(), 0);
    }

    [Fact]
    public void Score_AnswersNotComparedAndOriginalsMissing_CausesAreUndeterminedAndSaidSo()
    {
        HallusionRecord edited = new()
        {
            Category = "VD",
            Subcategory = "map",
            VisualInput = "2",
            Set = "0",
            Figure = "1",
            Question = "0",
            Verdict = HallusionVerdict.Wrong,
        };
        HallusionRecord original = edited with { VisualInput = "1", Figure = "0", Verdict = HallusionVerdict.Right };
        HallusionMetrics metrics = Evaluation.HallusionBench.Score([original, edited, edited with { Set = "1" }, edited]);
        Assert.Equal(new(0, 0, 0, 2), metrics.Causes);
        Assert.Equal(new(0, 0, 0, 2), metrics.QuestionCauses);
        Assert.Equal(new(0, 0, 2, 0), metrics.VerdictCauses);
        Assert.Equal(
            [DiagnosticCode.DuplicateAnswer, DiagnosticCode.FigureAbsent, DiagnosticCode.MissingTruth], metrics.Diagnostics.Select(d => d.Code));
        Assert.Equal(0, metrics.YesBias.Records);
        Assert.Equal(new(0, 1, 0, 0), Evaluation.HallusionBench.Score([original, edited with { SameAsOriginal = false }]).Causes);
    }

    [Theory]
    [InlineData("VS", "1", "0", HallusionVerdict.Unclear, 0, 1, 0)] // Counts though it is correct.
    [InlineData("VS", "0", "1", HallusionVerdict.Unclear, 0, 0, 0)] // Does not count though it is not.
    [InlineData("VS", "0", "1", HallusionVerdict.Wrong, 1, 0, 0)]
    [InlineData("VD", "0", "0", HallusionVerdict.Wrong, 0, 1, 0)]
    [InlineData("VD", "1", "1", HallusionVerdict.Wrong, 0, 0, 1)]
    public void Score_VisualInputThatContradictsTheFigure_VerdictCausesFollowTheScript(
        string category, string visualInput, string figure, HallusionVerdict verdict, int language, int vision, int mixed)
    {
        HallusionRecord record = new()
        {
            Category = category,
            Subcategory = "map",
            VisualInput = visualInput,
            Set = "0",
            Figure = figure,
            Question = "0",
            Verdict = verdict,
        };
        Assert.Equal(new(language, vision, mixed, 0), Evaluation.HallusionBench.Score([record]).VerdictCauses);
    }

    [Fact]
    public void Score_NoRecord_FiguresAreAbsentAndSaidSo()
    {
        HallusionMetrics metrics = Evaluation.HallusionBench.Score([]);
        Assert.True(double.IsNaN(metrics.All.Value));
        Assert.True(double.IsNaN(metrics.Consistency.Score));
        Assert.Equal(DiagnosticCode.FigureAbsent, Assert.Single(metrics.Diagnostics).Code);
    }

    [Fact]
    public void Read_BrokenRecords_AreLeftOutAndInTheResult()
    {
        const string Keys = "\"subcategory\": \"map\", \"visual_input\": 1, \"set_id\": 0, \"figure_id\": \"0\", \"question_id\": 0";
        RecordFile<HallusionRecord> records = Read(
            $$"""
            [{"category": "VD", {{Keys}}, "check": "1", "gt_answer": 1, "same": "0"}, {"category": "VX", {{Keys}}, "check": 1}, 7,
             {"category": "VS", {{Keys}}, "check": 3}, {"category": "VS", "check": 1}, {"category": "VS", {{Keys}}, "gpt4v_output_gpt_check": 1}]
            """, "check");
        Assert.Equal((true, false), (Assert.Single(records).TrueAnswer, records[0].SameAsOriginal));
        Assert.Equal(
            ["records.json[2]", "records.json[1]", "records.json[3]", "records.json[4]", "records.json[5]"],
            Evaluation.HallusionBench.Score(records).Diagnostics.Select(d => d.Item));
        Assert.Contains("'VX', expected VD or VS", records.Diagnostics[1].Message, StringComparison.Ordinal);
        Assert.Contains("expected the judge's verdict", records.Diagnostics[2].Message, StringComparison.Ordinal);
        Assert.Contains("No 'subcategory'", records.Diagnostics[3].Message, StringComparison.Ordinal);
    }

    private static RecordFile<HallusionRecord> Read(string json, string verdictKey)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("records.json"), json);
        return HallusionFile.Read(folder.File("records.json"), verdictKey);
    }

    private static void AssertPrinted(JsonElement expected, HallusionAccuracy accuracy)
    {
        if (expected.IsOfficialError())
        {
            Assert.Equal(0, accuracy.Total); // The script divides by it.
            Assert.True(double.IsNaN(accuracy.Printed));
        }
        else
        {
            Assert.Equal(expected.GetDouble(), accuracy.Printed);
        }
    }

    private static void AssertAccuracy(JsonElement expected, HallusionAccuracy accuracy) => Assert.Equal(
        (expected.GetProperty("total").GetInt32(), expected.GetProperty("correct").GetInt32(), expected.GetProperty("wrong").GetInt32()),
        (accuracy.Total, accuracy.Correct, accuracy.Total - accuracy.Correct));
}
