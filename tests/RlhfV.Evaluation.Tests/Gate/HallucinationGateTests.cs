using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

public sealed class HallucinationGateTests
{
    [Fact]
    public void Check_BetterCandidate_Passes()
    {
        GateResult result = new HallucinationGate(new()
        {
            MaxResponseRate = 0.5,
            MaxResponseRateIncrease = 0,
            MaxMentionRateIncrease = 0,
            MaxTypeRateIncrease = 0,
            MaxSceneRateIncrease = 0,
            MaxRecallDrop = 0.02,
            MinItems = 300,
        }).Check(Assessments.Model(300, 0.2, seed: 1), Assessments.Model(300, 0.05, seed: 2));
        Assert.True(result.Passed, string.Join('\n', result.Regressions));
        result.ThrowIfFailed();
    }

    [Fact]
    public void Check_WorseCandidate_ListsEveryRegressionByTypeAndScene()
    {
        GateResult result = new HallucinationGate(new()
        {
            MaxResponseRateIncrease = 0.02,
            MaxMentionRateIncrease = 0.02,
            MaxTypeRateIncrease = 0.02,
            MaxSceneRateIncrease = 0.02,
        }).Check(Assessments.Model(400, 0.05, seed: 1), Assessments.Model(400, 0.3, seed: 2));
        Assert.Equal(
            ["all", "all", "type object", "type position", "type number", "type attribute", "type action", "scene kitchen", "scene street",
                "scene living room", "scene bathroom"],
            result.Regressions.Select(r => r.Scope));
        HallucinationGateException error = Assert.Throws<HallucinationGateException>(result.ThrowIfFailed);
        Assert.Same(result, error.Result);
        Assert.Contains("breaks 11 thresholds on 400 items", error.Message, StringComparison.Ordinal);
        Assert.Contains("(scene kitchen) went from", error.Message, StringComparison.Ordinal);
        Assert.Contains(" points); it may rise by 2.0 points.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_RiseWithinChance_CountsOnlyWhenAskedTo()
    {
        ResponseAssessment[] before = [.. Enumerable.Range(0, 20).Select(i => Assessments.Wrong($"{i}", i < 4 ? 1 : 0))];
        ResponseAssessment[] after = [.. Enumerable.Range(0, 20).Select(i => Assessments.Wrong($"{i}", i is > 0 and < 6 ? 1 : 0))];
        GateThresholds thresholds = new() { MaxResponseRateIncrease = 0.01 };
        Assert.True(new HallucinationGate(thresholds).Check(before, after).Passed);
        GateRegression regression = Assert.Single(
            new HallucinationGate(thresholds with { OnlySignificant = false }).Check(before, after).Regressions);
        Assert.Equal(0.05, regression.Change.Value, 1e-12);
        Assert.Equal((0.2, 0.25), (regression.Baseline, regression.Candidate));
    }

    [Fact]
    public void Check_AbsoluteLimits_AlwaysCount()
    {
        ResponseAssessment[] both = [Assessments.Wrong("1", 1, mentions: 2) with { ObjectsFound = 1, ObjectsPresent = 4 }];
        GateResult result = new HallucinationGate(new() { MaxResponseRate = 0.9, MaxMentionRate = 0.5, MinRecall = 0.3, MinItems = 10 })
            .Check(both, both);
        Assert.Equal(["items", "response rate", "recall"], result.Regressions.Select(r => r.Figure));
    }

    [Fact]
    public void Check_FigureNotMeasured_DoesNotPassInSilence()
    {
        ResponseAssessment[] both = [Assessments.Wrong("1", 0)];
        GateResult result = new HallucinationGate(new() { MaxMentionRate = 0.5, MaxRecallDrop = 0.01 }).Check(both, both);
        Assert.Equal(2, result.Regressions.Count(r => r.Message.Contains("not measured", StringComparison.Ordinal)));
    }

    [Fact]
    public void Check_LostRecall_Fails()
    {
        ResponseAssessment[] before =
            [.. Enumerable.Range(0, 100).Select(i => Assessments.Wrong($"{i}", 0) with { ObjectsFound = 8, ObjectsPresent = 10 })];
        ResponseAssessment[] after = [.. before.Select(r => r with { ObjectsFound = 6 })];
        GateRegression regression = Assert.Single(new HallucinationGate(new() { MaxRecallDrop = 0.1 }).Check(before, after).Regressions);
        Assert.Equal(-0.2, regression.Change.Value, 1e-12);
    }

    [Fact]
    public void Check_TypeOfItsOwn_IsNamed()
    {
        ResponseAssessment[] before = [.. Enumerable.Range(0, 50).Select(i => Assessments.Answer($"{i}", "It says EXIT."))];
        ResponseAssessment[] after =
            [.. Enumerable.Range(0, 50).Select(i => Assessments.Answer($"{i}", "It says EXIT.", ("EXIT", new HallucinationType("text"))))];
        Assert.Equal(
            "type text", Assert.Single(new HallucinationGate(new() { MaxTypeRateIncrease = 0.1 }).Check(before, after).Regressions).Scope);
    }

    [Fact]
    public void Load_File_ReadsLimits()
    {
        GateThresholds thresholds = Load(
            """{ /* release gate */ "maxResponseRateIncrease": 0.02, "onlySignificant": false, "minItems": 100, }""");
        Assert.Equal(new() { MaxResponseRateIncrease = 0.02, OnlySignificant = false, MinItems = 100 }, thresholds);
    }

    [Fact]
    public void Load_FileWithOneLimit_KeepsTheOtherDefaults() =>
        Assert.Equal(new() { MaxResponseRateIncrease = 0.02 }, Load("""{"maxResponseRateIncrease": 0.02}"""));

    [Fact]
    public void New_LimitsThatNothingCouldBreak_AreRefusedTogether()
    {
        ArgumentException error = Assert.Throws<ArgumentException>("thresholds", () => new HallucinationGate(new()
        {
            MaxResponseRate = 5,
            MaxRecallDrop = -0.1,
            MinRecall = double.NaN,
            MinItems = 0,
        }));
        Assert.Contains("MaxResponseRate is 5, expected a share from 0 to 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxRecallDrop is -0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("MinRecall is NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("MinItems is 0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"maxResponseRate": 2}""", "gate.json: MaxResponseRate is 2")]
    [InlineData("""{"maxResponseRate": 0.5, "maxResponseRate": 0.9}""", "'maxResponseRate' stands there twice")]
    [InlineData("""{"maxResponseRate": "0.5"}""", "gate.json: 'maxResponseRate' is \"0.5\", expected a number.")]
    [InlineData("""{"onlySignificant": 1}""", "'onlySignificant' is 1, expected true or false.")]
    [InlineData("""{"minItems": 1.5}""", "'minItems' is 1.5, expected a whole number.")]
    [InlineData("""{"maxResponceRate": 0.5}""", "'maxResponceRate' is no threshold; there are maxResponseRate, maxMentionRate, ")]
    [InlineData("{}", "sets no limit")]
    [InlineData("null", "found null, expected an object of thresholds")]
    [InlineData("[", "gate.json")]
    public void Load_BadFile_SaysWhat(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => Load(text)).Message, StringComparison.Ordinal);

    private static GateThresholds Load(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("gate.json"), text);
        return GateThresholds.Load(folder.File("gate.json"));
    }
}
