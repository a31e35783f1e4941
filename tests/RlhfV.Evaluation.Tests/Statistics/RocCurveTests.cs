namespace RlhfV.Evaluation.Tests;

public sealed class RocCurveTests
{
    [Fact]
    public void Of_PerfectScores_HasAreaOneAndAThresholdThatFindsAll()
    {
        RocCurve curve = RocCurve.Of([new(0.9, true), new(0.1, false), new(0.8, true), new(0.2, false)]);
        Assert.Equal(1, curve.Area.Value);
        Assert.Equal((2, 2), (curve.Positives, curve.Negatives));
        Assert.Equal(new RocPoint(0.8, 1, 0, 1), curve.At(0.8));
    }

    [Fact]
    public void Of_EqualScores_TiesCountHalf()
    {
        Assert.Equal(0.5, RocCurve.Of([new(1, true), new(1, false), new(1, false)]).Area.Value);

        // Pairs: 3 > 2, 3 > 1, 2 = 2, 2 > 1.
        Assert.Equal(3.5 / 4, RocCurve.Of([new(3, true), new(2, true), new(2, false), new(1, false)]).Area.Value);
    }

    [Fact]
    public void Of_RandomItems_AreaIsTheShareOfPairsInOrder()
    {
        var random = new Random(7);
        RocItem[] items = [.. Enumerable.Range(0, 300).Select(_ => new RocItem(random.Next(40), random.Next(3) == 0))];
        double[] pairs =
        [
            .. from positive in items
               where positive.IsPositive
               from negative in items
               where !negative.IsPositive
               select positive.Score > negative.Score ? 1.0 : positive.Score == negative.Score ? 0.5 : 0,
        ];
        RocCurve curve = RocCurve.Of(items);
        Assert.Equal(pairs.Average(), curve.Area.Value, 1e-12);
        Assert.True(curve.Area.Interval.Contains(curve.Area.Value));
        double trapezoids = curve.Points.Zip(curve.Points.Skip(1)).Sum(pair =>
            (pair.Second.FalsePositiveRate - pair.First.FalsePositiveRate) * (pair.Second.TruePositiveRate + pair.First.TruePositiveRate) / 2);
        Assert.Equal(curve.Area.Value, trapezoids, 1e-12);
    }

    [Fact]
    public void Points_LeadFromNothingToEverything()
    {
        RocCurve curve = RocCurve.Of([new(3, true), new(2, false), new(2, true), new(1, false)]);
        Assert.Equal(
            [(double.PositiveInfinity, 0, 0), (3, 0.5, 0), (2, 1, 0.5), (1, 1, 1)],
            curve.Points.Select(point => (point.Threshold, point.TruePositiveRate, point.FalsePositiveRate)));
        Assert.Equal(2 / 3.0, curve.At(1.5).Precision);
        Assert.True(double.IsNaN(curve.At(4).Precision));
    }

    [Fact]
    public void Of_GroupedItems_IntervalIsThatOfTheGroups()
    {
        // Ten answers of twenty equal segments know no more than ten segments.
        RocItem[] single = [.. Enumerable.Range(0, 10).Select(i => new RocItem(i % 4, i % 2 == 0, $"{i}"))];
        RocItem[] repeated = [.. single.SelectMany(item => Enumerable.Repeat(item, 20))];
        Estimate one = RocCurve.Of(single).Area, many = RocCurve.Of(repeated).Area;
        Assert.Equal(one.Value, many.Value, 1e-12);
        Assert.Equal(one.Interval.Lower, many.Interval.Lower, 1e-12);
        Estimate apart = RocCurve.Of(repeated.Select(item => item with { Group = null })).Area;
        Assert.True(apart.Interval.Upper - apart.Interval.Lower < (many.Interval.Upper - many.Interval.Lower) / 2);
    }

    [Fact]
    public void Of_EqualSeed_EqualInterval()
    {
        RocItem[] items = [.. Enumerable.Range(0, 50).Select(i => new RocItem(i * 7 % 13, i % 3 == 0))];
        Assert.Equal(RocCurve.Of(items).Area, RocCurve.Of(items).Area);
        Assert.NotEqual(RocCurve.Of(items).Area.Interval, RocCurve.Of(items, new() { Seed = 5 }).Area.Interval);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_OneKindOnly_AreaIsAbsent(bool positive)
    {
        RocCurve curve = RocCurve.Of([new(1, positive), new(2, positive)]);
        Assert.False(curve.Area.HasValue);
        Assert.True(double.IsNaN(curve.Area.Interval.Lower));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Of_ScoreThatIsNoNumber_Throws(double score) =>
        Assert.Equal("items", Assert.Throws<ArgumentException>(() => RocCurve.Of([new(1, true), new(score, false)])).ParamName);
}
