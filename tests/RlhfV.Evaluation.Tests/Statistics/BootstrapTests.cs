namespace RlhfV.Evaluation.Tests;

public sealed class BootstrapTests
{
    [Fact]
    public void Share_ThreeHundredItems_NearNormalInterval()
    {
        RatioEstimate share = Of(300, i => i % 10 < 3).Share(0, 1);
        double half = 1.96 * Math.Sqrt(0.3 * 0.7 / 300);
        Assert.Equal(0.3, share.Value);
        Assert.Equal(0.3 - half, share.Interval.Lower, 0.006);
        Assert.Equal(0.3 + half, share.Interval.Upper, 0.006);
    }

    [Fact]
    public void Share_EqualSeeds_EqualIntervals_AndOtherSeedsDiffer()
    {
        Assert.Equal(Of(100, i => i < 41).Share(0, 1), Of(100, i => i < 41).Share(0, 1));
        Assert.NotEqual(Of(1000, i => i < 411).Share(0, 1).Interval, Of(1000, i => i < 411, seed: 1).Share(0, 1).Interval);
    }

    [Fact]
    public void Share_NoneOfAll_KeepsDoubt()
    {
        RatioEstimate share = Of(20, _ => false).Share(0, 1);
        Assert.Equal(0, share.Interval.Lower);
        Assert.Equal(0.1611, share.Interval.Upper, 0.0001);
    }

    [Fact]
    public void Ratio_EmptyDenominator_IsAbsent()
    {
        var table = new ItemTable(3, 2);
        RatioEstimate ratio = new Bootstrap(table, new()).Ratio(0, 1);
        Assert.False(ratio.HasValue);
        Assert.True(double.IsNaN(ratio.Value));
        Assert.True(double.IsNaN(ratio.Interval.Lower));
    }

    [Fact]
    public void Estimate_HigherConfidence_WiderInterval()
    {
        ConfidenceInterval narrow = Of(200, i => i < 80, confidence: 0.8).Share(0, 1).Interval;
        ConfidenceInterval wide = Of(200, i => i < 80, confidence: 0.99).Share(0, 1).Interval;
        Assert.True(wide.Lower < narrow.Lower && wide.Upper > narrow.Upper);
    }

    [Fact]
    public void Options_OutsideRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BootstrapOptions { Resamples = 99 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BootstrapOptions { Confidence = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BootstrapOptions { Confidence = double.NaN });
    }

    private static Bootstrap Of(int items, Func<int, bool> hit, ulong seed = 0, double confidence = 0.95)
    {
        var table = new ItemTable(items, 2);
        for (int i = 0; i < items; i++)
        {
            (table.Row(i)[0], table.Row(i)[1]) = (hit(i) ? 1 : 0, 1);
        }

        return new(table, new BootstrapOptions { Seed = seed, Confidence = confidence });
    }
}
