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

    [Fact]
    public void Score_StoredRuns_Agree()
    {
        foreach (JsonElement run in Golden.GetProperty("runs").EnumerateArray())
        {
            HallusionRecord[] records =
            [
                .. run.GetProperty("records").EnumerateArray().Select(r => new HallusionRecord
                {
                    Category = r.Text("category"), Subcategory = r.Text("subcategory"), VisualInput = r.Text("visual_input"),
                    Set = r.Text("set_id"),
                    Figure = r.Text("figure_id"), Question = r.Text("question_id"), Verdict = (HallusionVerdict)(r.Text("check")[0] - '0'),
                }),
            ];
            Assert.Equal(run.GetProperty("correct").EnumerateArray().Select(c => c.GetInt32() == 1), records.Select(r => r.IsCorrect));
            JsonElement expected = run.GetProperty("expected");
            HallusionMetrics metrics = Evaluation.HallusionBench.Score(records);
            Assert.Equal(records.Count(r => r.Verdict == HallusionVerdict.Unclear), metrics.Unclear);
            Assert.Equal(expected.GetProperty("aAcc").GetDouble(), metrics.All.Printed);
            Assert.Equal(expected.GetProperty("qAcc").GetDouble(), metrics.Questions.Printed);
            Assert.Equal(expected.GetProperty("fAcc").GetDouble(), metrics.Figures.Printed);
            Assert.Equal(expected.GetProperty("easy_qAcc").GetDouble(), metrics.Easy.Printed);
            Assert.Equal(expected.GetProperty("hard_qAcc").GetDouble(), metrics.Hard.Printed);
            Assert.Equal(expected.GetProperty("figure").GetProperty("total").GetInt32(), metrics.Figures.Total);
        }
    }
}
