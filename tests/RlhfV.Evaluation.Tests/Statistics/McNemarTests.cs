namespace RlhfV.Evaluation.Tests;

public sealed class McNemarTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(7, 7, 1)]
    [InlineData(0, 5, 0.0625)] // 2 / 2^5
    [InlineData(1, 9, 0.021484375)] // 2 (1 + 10) / 2^10
    [InlineData(9, 1, 0.021484375)]
    [InlineData(5, 15, 0.04138946533203125)] // 2 * 21700 / 2^20
    public void ExactP_SmallCounts_EqualsBinomialTail(int first, int second, double expected) =>
        Assert.Equal(expected, McNemar.ExactP(first, second), 1e-12);

    [Fact]
    public void ExactP_ThousandsOfPairs_StaysAboveZero()
    {
        double p = McNemar.ExactP(1400, 1600);
        Assert.InRange(p, 1e-4, 1e-3); // Normal approximation with continuity correction: 2.8e-4.
    }

    [Fact]
    public void ExactP_NegativeCount_Throws() =>
        Assert.Equal("onlySecond", Assert.Throws<ArgumentOutOfRangeException>(() => McNemar.ExactP(1, -1)).ParamName);
}
