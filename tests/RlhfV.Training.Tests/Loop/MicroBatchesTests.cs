using RlhfV.Training.Loop;

namespace RlhfV.Training.Tests.Loop;

public class MicroBatchesTests
{
    [Fact]
    public void Cut_AnyBudget_KeepEveryPairAndTheBudget()
    {
        var pairs = Enumerable.Range(0, 9).Select(i => TinyNetworks.Pair(i, chosen: 3 + i, rejected: 5 + (i % 3))).ToArray();

        var cut = MicroBatches.Cut(pairs, pair => pair.PackedLength, tokens: 80).ToArray();

        Assert.Equal(pairs.OrderBy(p => p.Id), cut.SelectMany(some => some).OrderBy(p => p.Id));
        Assert.All(cut, some => Assert.True(some.Count * some.Max(p => p.PackedLength) <= 80));
        Assert.Contains(cut, some => some.Count > 1);
    }

    [Fact]
    public void Cut_PairAboveTheBudget_GoesAlone()
    {
        var pairs = new[] { TinyNetworks.Pair(1), TinyNetworks.Pair(2) };

        Assert.All(MicroBatches.Cut(pairs, pair => pair.PackedLength, tokens: 1), some => Assert.Single(some));
    }
}
