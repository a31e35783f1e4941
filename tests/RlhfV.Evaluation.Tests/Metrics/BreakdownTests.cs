namespace RlhfV.Evaluation.Tests;

public sealed class BreakdownTests
{
    [Fact]
    public void Of_Scenes_InTheOrderTheyCome()
    {
        IReadOnlyDictionary<string, HallucinationMetrics> scenes = Breakdown.Of(
            [
                Assessments.Wrong("1", 1) with { Scene = "street" }, Assessments.Wrong("2", 0) with { Scene = "kitchen" },
                Assessments.Wrong("3", 0) with { Scene = "street" }, Assessments.Wrong("4", 1),
            ],
            Breakdown.Scene);
        Assert.Equal(["street", "kitchen", Breakdown.Unknown], scenes.Keys);
        Assert.Equal(0.5, scenes["street"].ResponseRate.Value);
        Assert.Equal(1, scenes[Breakdown.Unknown].ResponseRate.Value);
    }

    [Theory]
    [InlineData("one two", "under 3 words")]
    [InlineData("one two three", "3 to 4 words")]
    [InlineData("one two three four five", "5 words or more")]
    public void Length_Words_FallBetweenTheBounds(string response, string group) =>
        Assert.Equal(group, Breakdown.Length(3, 5)(Assessments.Answer("1", response)));

    [Theory]
    [InlineData()]
    [InlineData(0)]
    [InlineData(5, 5)]
    [InlineData(5, 3)]
    public void Length_BoundsThatDoNotAscend_Throw(params int[] bounds) => Assert.Throws<ArgumentException>(() => Breakdown.Length(bounds));

    [Fact]
    public void Compare_EachGroup_AsIfAlone()
    {
        IReadOnlyList<ResponseAssessment> before = Assessments.Model(80, 0.2, seed: 1), after = Assessments.Model(80, 0.1, seed: 2);
        IReadOnlyDictionary<string, PairedComparison> scenes = Breakdown.Compare(before, after, Breakdown.Scene);
        Assert.Equal(80, scenes.Values.Sum(scene => scene.Items));
        PairedComparison alone = PairedComparison.Of(
            [.. before.Where(r => r.Scene == "street")], [.. after.Where(r => r.Scene == "street")]);
        Assert.Equal(alone.ResponseRateReduction, scenes["street"].ResponseRateReduction);
    }
}
