namespace RlhfV.Training.Tests;

public class BatchPlanTests
{
    [Fact]
    public void At_EveryEpoch_VisitsEachPairOnceInAnotherOrder()
    {
        var plan = new BatchPlan(pairs: 10, batchSize: 4, seed: 3);
        Assert.Equal(3, plan.StepsPerEpoch);

        int[] first = Epoch(0), second = Epoch(1);

        Assert.Equal(Enumerable.Range(0, 10), first.Order());
        Assert.Equal(Enumerable.Range(0, 10), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(2, plan.At(2).Length);

        int[] Epoch(int epoch) => [.. Enumerable.Range(0, 3).SelectMany(step => plan.At((epoch * 3) + step).ToArray())];
    }

    [Fact]
    public void At_SameSeedInAnyOrderOfCalls_GivesTheSameBatches()
    {
        var one = new BatchPlan(10, 4, seed: 3);
        var other = new BatchPlan(10, 4, seed: 3);
        other.At(7);

        Assert.Equal(one.At(2).ToArray(), other.At(2).ToArray());
        Assert.NotEqual(one.At(0).ToArray(), new BatchPlan(10, 4, seed: 4).At(0).ToArray());
    }

    [Fact]
    public void MicroBatches_AnyBudget_KeepEveryPairAndTheBudget()
    {
        var pairs = Enumerable.Range(0, 9).Select(i => TinyNetworks.Pair(i, chosen: 3 + i, rejected: 5 + (i % 3))).ToArray();

        var cut = BatchPlan.MicroBatches(pairs, tokens: 80).ToArray();

        Assert.Equal(pairs.OrderBy(p => p.Id), cut.SelectMany(some => some).OrderBy(p => p.Id));
        Assert.All(cut, some => Assert.True(some.Count * some.Max(p => p.PackedLength) <= 80));
        Assert.Contains(cut, some => some.Count > 1);
    }

    [Fact]
    public void MicroBatches_PairAboveTheBudget_GoesAlone()
    {
        var pairs = new[] { TinyNetworks.Pair(1), TinyNetworks.Pair(2) };

        Assert.All(BatchPlan.MicroBatches(pairs, tokens: 1), some => Assert.Single(some));
    }
}
