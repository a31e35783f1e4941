namespace RlhfV.Evaluation.Tests;

public sealed class PairedIntervalsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(300)]
    public void Change_AllPairsAlike_LeavesZeroOutWhenMcNemarDoes(int pairs)
    {
        ConfidenceInterval better = PairedIntervals.Change(-1, pairs, 0.95), worse = PairedIntervals.Change(1, pairs, 0.95);
        Assert.Equal(McNemar.ExactP(pairs, 0) < 0.05, better.Upper < 0);
        Assert.Equal((-1, -better.Upper, 1), (better.Lower, worse.Lower, worse.Upper));
        ConfidenceInterval none = PairedIntervals.Change(0, pairs, 0.95);
        Assert.Equal(1 - Math.Pow(0.025, 1.0 / pairs), none.Upper, 1e-12); // So many discordant pairs could have stayed unseen.
        Assert.Equal(-none.Upper, none.Lower, 1e-12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(213, 300)]
    public void ReductionToNone_EndsAtOneAndNarrowsWithTheBaseline(double baseline, double total)
    {
        ConfidenceInterval interval = PairedIntervals.ReductionToNone(baseline, total, 0.95);
        Assert.Equal(1, interval.Upper);
        Assert.Equal(baseline > 200, interval.Lower > 0.9);
        Assert.Equal(baseline > 1, interval.Lower > 0);
    }
}
