using RlhfV.Models.Generation;

namespace RlhfV.Models.Tests.Generation;

public sealed class TokenSamplerTests
{
    private static readonly float[] Logits = [0, MathF.Log(2), MathF.Log(4), MathF.Log(1)];

    [Fact]
    public void Greedy_TakesTheLikeliest() => Assert.Equal(2, new TokenSampler(new GenerationOptions(), 1).Choose([.. Logits]));

    [Fact]
    public void Sampling_FollowsTheProbabilities()
    {
        int[] counts = Draw(new GenerationOptions { Temperature = 1 }, 8000);
        double[] expected = [1 / 8.0, 2 / 8.0, 4 / 8.0, 1 / 8.0];
        Assert.All(counts.Zip(expected), pair => Assert.Equal(pair.Second, pair.First / 8000.0, 0.02));
    }

    [Fact]
    public void Temperature_SharpensTheDistribution()
    {
        int[] counts = Draw(new GenerationOptions { Temperature = 0.5 }, 8000);
        Assert.Equal(16 / 22.0, counts[2] / 8000.0, 0.02);
    }

    [Theory]
    [InlineData(2, 1.0, 0.0, new[] { 1, 2 })]
    [InlineData(0, 0.5, 0.0, new[] { 2 })]
    [InlineData(0, 0.7, 0.0, new[] { 1, 2 })]
    [InlineData(0, 1.0, 0.4, new[] { 1, 2 })]
    [InlineData(1, 1.0, 0.0, new[] { 2 })]
    public void Filters_LeaveOnlyTheLikely(int topK, double topP, double minP, int[] allowed)
    {
        int[] counts = Draw(new GenerationOptions { Temperature = 1, TopK = topK, TopP = topP, MinP = minP }, 2000);
        Assert.Equal(allowed, Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0));
    }

    [Fact]
    public void RepetitionPenalty_MakesSeenTokensLessLikely()
    {
        var sampler = new TokenSampler(new GenerationOptions { RepetitionPenalty = 3 }, 1);
        sampler.Note([2]);
        Assert.Equal(1, sampler.Choose([.. Logits]));
        Assert.Equal(2, sampler.Choose([-1, -2, 5, -1]));
    }

    [Fact]
    public void EqualSeeds_GiveEqualDraws()
    {
        var options = new GenerationOptions { Temperature = 1 };
        var first = new TokenSampler(options, 5);
        var second = new TokenSampler(options, 5);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(first.Choose([.. Logits]), second.Choose([.. Logits])));
    }

    private static int[] Draw(GenerationOptions options, int times)
    {
        var sampler = new TokenSampler(options, 1);
        var counts = new int[Logits.Length];
        for (int i = 0; i < times; i++)
        {
            counts[sampler.Choose([.. Logits])]++;
        }

        return counts;
    }
}
