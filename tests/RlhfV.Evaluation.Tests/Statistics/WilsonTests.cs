namespace RlhfV.Evaluation.Tests;

public sealed class WilsonTests
{
    [Theory] // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Interval_PublishedCases_Agrees(int count, int total, double lower, double upper)
    {
        ConfidenceInterval interval = Wilson.Interval(count, total, 0.95);
        Assert.Equal(lower, interval.Lower, 0.00005);
        Assert.Equal(upper, interval.Upper, 0.00005);
    }

    [Fact]
    public void Interval_All_EndsAtOne() => Assert.Equal(1, Wilson.Interval(20, 20, 0.95).Upper);
}
