namespace RlhfV.Evaluation.Tests;

public sealed class JudgeOptionsTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(3601)]
    public void RetryDelay_OutOfRange_Throws(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new JudgeOptions { RetryDelay = TimeSpan.FromSeconds(seconds) });

    [Fact]
    public void Counts_BelowOne_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new JudgeOptions { MaxAttempts = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new JudgeOptions { Parallelism = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new JudgeOptions { Repeats = 0 });
    }
}
