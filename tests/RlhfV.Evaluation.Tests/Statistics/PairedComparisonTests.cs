using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

public sealed class PairedComparisonTests
{
    [Fact]
    public void Of_KnownTable_CountsAndReduction()
    {
        ResponseAssessment[] before = [.. Enumerable.Range(0, 100).Select(i => Assessments.Wrong($"{i}", i < 50 ? 2 : 0, mentions: 4))];
        ResponseAssessment[] after =
            [.. Enumerable.Range(0, 100).Select(i => Assessments.Wrong($"{i}", i is >= 20 and < 55 ? 1 : 0, mentions: 5))];
        PairedComparison paired = PairedComparison.Of(before, after);
        Assert.Equal((100, 30, 20, 5, 45), (paired.Items, paired.BothHallucinate, paired.OnlyBaselineHallucinates,
            paired.OnlyCandidateHallucinates, paired.NeitherHallucinates));
        Assert.Equal(0.3, paired.ResponseRateReduction.Value, 1e-12);
        Assert.Equal(-0.15, paired.ResponseRateChange.Value, 1e-12);
        Assert.Equal(1 - 35.0 / 500 / (100.0 / 400), paired.MentionRateReduction.Value, 1e-12);
        Assert.True(paired.ResponseRateReduction.Interval.Contains(0.3));
        Assert.True(paired.ResponseRateReduction.Interval.Lower > 0);
        Assert.Equal(McNemar.ExactP(20, 5), paired.McNemarP);
        Assert.False(paired.RecallChange.HasValue);
    }

    [Fact]
    public void Of_Types_EachAsIfItWereAll()
    {
        ResponseAssessment[] before = [.. Enumerable.Range(0, 60).Select(i => Assessments.Wrong($"{i}", i < 30 ? 2 : 0))];
        ResponseAssessment[] after = [.. Enumerable.Range(0, 60).Select(i => Assessments.Wrong($"{i}", i is >= 20 and < 35 ? 1 : 0))];
        PairedComparison paired = PairedComparison.Of(before, after);
        PairedTypeComparison objects = paired.Types.Single(t => t.Type == HallucinationType.Object);
        Assert.Equal(paired.ResponseRateReduction, objects.ResponseRateReduction);
        Assert.Equal(paired.ResponseRateChange, objects.ResponseRateChange);
        Assert.Equal(paired.McNemarP, objects.McNemarP);
        PairedTypeComparison actions = paired.Types.Single(t => t.Type == HallucinationType.Action);
        Assert.False(actions.ResponseRateReduction.HasValue);
        Assert.Equal((0, 1), (actions.ResponseRateChange.Value, actions.McNemarP));
    }

    [Fact]
    public void Of_OtherOrder_PairsById()
    {
        ResponseAssessment[] before = [Assessments.Wrong("a", 1), Assessments.Wrong("b", 0)];
        ResponseAssessment[] after = [Assessments.Wrong("b", 0), Assessments.Wrong("a", 1)];
        PairedComparison paired = PairedComparison.Of(before, after);
        Assert.Equal((1, 1), (paired.BothHallucinate, paired.NeitherHallucinates));
    }

    [Fact]
    public void Of_PairsThatMoveTogether_NarrowerThanRatesApart()
    {
        // The candidate repairs exactly every fifth failure: paired, the change is nearly certain although each rate alone is not.
        ResponseAssessment[] before = [.. Enumerable.Range(0, 200).Select(i => Assessments.Wrong($"{i}", i < 100 ? 1 : 0))];
        ResponseAssessment[] after = [.. Enumerable.Range(0, 200).Select(i => Assessments.Wrong($"{i}", i < 100 && i % 5 > 0 ? 1 : 0))];
        ConfidenceInterval change = PairedComparison.Of(before, after).ResponseRateChange.Interval;
        ConfidenceInterval rate = HallucinationMetrics.From(before).ResponseRate.Interval;
        Assert.True(change.Upper < 0);
        Assert.True(change.Upper - change.Lower < 0.7 * (rate.Upper - rate.Lower));
    }

    [Fact]
    public void Of_BaselineWithoutHallucination_ReductionIsAbsent()
    {
        PairedComparison paired = PairedComparison.Of([Assessments.Wrong("a", 0)], [Assessments.Wrong("a", 1)]);
        Assert.False(paired.ResponseRateReduction.HasValue);
        Assert.Equal(1, paired.ResponseRateChange.Value);
    }

    [Fact]
    public void Of_MissingId_NamesItAndTheSide()
    {
        ResponseAssessment[] both = [Assessments.Wrong("a", 1), Assessments.Wrong("b", 0)];
        ArgumentException error = Assert.Throws<ArgumentException>(() => PairedComparison.Of(both, [both[0]]));
        Assert.Equal("candidate", error.ParamName);
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RepeatedId_Throws() =>
        Assert.Contains("'a' occurs twice", Assert.Throws<ArgumentException>(
            () => PairedComparison.Of([Assessments.Wrong("a", 1), Assessments.Wrong("a", 0)], [Assessments.Wrong("a", 1)])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Of_Nothing_Throws() =>
        Assert.Equal("baseline", Assert.Throws<ArgumentException>(() => PairedComparison.Of([], [])).ParamName);

    [Fact]
    public void Of_SegmentsAndWords_HavePairedIntervals()
    {
        ResponseAssessment[] before = [.. Enumerable.Range(0, 60).Select(i => Assessments.Wrong($"{i}", i % 3))];
        ResponseAssessment[] after =
            [.. Enumerable.Range(0, 60).Select(i => Assessments.Wrong($"{i}", i % 2) with { Response = "a cat a cat a cat" + (i % 2 == 0 ? "" : " a cat") })];
        PairedComparison paired = PairedComparison.Of(before, after);
        Assert.Equal(1 - 30.0 / 60, paired.SegmentsPerResponseReduction.Value, 1e-12);
        Assert.Equal(7.0 / 12 - 1, paired.WordsPerResponseChange.Value, 1e-12);
        Assert.True(paired.SegmentsPerResponseReduction.Interval is { Lower: > 0 and < 0.5, Upper: > 0.5 and < 1 });
        Assert.True(paired.WordsPerResponseChange.Interval is { Lower: < -5.0 / 12, Upper: > -5.0 / 12 });
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(12, true)]
    public void Of_EveryItemImproves_IsCertainOnlyWithEnoughItems(int items, bool certain)
    {
        ResponseAssessment[] before = [.. Enumerable.Range(0, items).Select(i => Assessments.Wrong($"{i}", 1, mentions: 2))];
        ResponseAssessment[] after = [.. Enumerable.Range(0, items).Select(i => Assessments.Wrong($"{i}", 0, mentions: 2))];
        PairedComparison paired = PairedComparison.Of(before, after);
        Assert.Equal((1, -1, 1), (paired.ResponseRateReduction.Value, paired.ResponseRateChange.Value, paired.MentionRateReduction.Value));
        Assert.Equal(certain, paired.ResponseRateReduction.Interval.Lower > 0);
        Assert.Equal(certain, paired.ResponseRateChange.Interval.Upper < 0);
        Assert.True(paired.MentionRateReduction.Interval is { Lower: < 1, Upper: 1 });
        PairedComparison worse = PairedComparison.Of(after, before);
        Assert.Equal(certain, worse.ResponseRateChange.Interval.Lower > 0);
    }

    [Fact]
    public void Of_NoItemChanges_ChangeIsNoPoint()
    {
        ResponseAssessment[] both = [.. Enumerable.Range(0, 50).Select(i => Assessments.Wrong($"{i}", i % 2))];
        ConfidenceInterval change = PairedComparison.Of(both, both).ResponseRateChange.Interval;
        Assert.True(change is { Lower: < 0 and > -0.1, Upper: > 0 and < 0.1 });
    }

    [Fact]
    public void Of_CountsOnOneSideOnly_AreLeftOutOfThePairedChanges()
    {
        ResponseAssessment counted = Assessments.Wrong("a", 1, mentions: 2) with { ObjectsFound = 1, ObjectsPresent = 2 };
        ResponseAssessment[] before = [counted, counted with { Id = "b", ObjectsFound = 2 }];
        ResponseAssessment[] after = [counted with { Mentions = 4 }, Assessments.Wrong("b", 0)];
        PairedComparison paired = PairedComparison.Of(before, after);
        Assert.Equal(1.0 / 4 - 1.0 / 2, paired.MentionRateChange.Value, 1e-12);
        Assert.Equal(0, paired.RecallChange.Value, 1e-12);
        Assert.False(PairedComparison.Of([before[1]], [after[1]]).MentionRateChange.HasValue);
    }
}
