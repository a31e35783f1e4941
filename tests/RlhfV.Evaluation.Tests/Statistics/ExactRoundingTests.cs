namespace RlhfV.Evaluation.Tests;

public sealed class ExactRoundingTests
{
    [Theory] // Python: '%.*f' % (decimals, value)
    [InlineData(0.125, 2, "0.12")]
    [InlineData(0.375, 2, "0.38")]
    [InlineData(2.5, 0, "2")]
    [InlineData(2.675, 2, "2.67")]
    [InlineData(-0.04, 1, "-0.0")]
    [InlineData(63.749999999999996, 1, "63.7")]
    [InlineData(1e22, 1, "10000000000000000000000.0")]
    [InlineData(0, 3, "0.000")]
    [InlineData(5e-324, 2, "0.00")]
    public void Fixed_ExactBinaryValue_HalvesToEven(double value, int decimals, string expected) =>
        Assert.Equal(expected, ExactRounding.Fixed(value, decimals));

    [Fact]
    public void Round_NaN_StaysNaN() => Assert.True(double.IsNaN(ExactRounding.Round(double.NaN, 2)));
}
