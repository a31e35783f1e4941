using RlhfV.Training.Loop;

namespace RlhfV.Training.Tests.Loop;

public class BatchPlanTests
{
    [Fact]
    public void At_EveryEpoch_VisitsEachPairOnceInAnotherOrder()
    {
        var plan = new BatchPlan(items: 10, batchSize: 4, seed: 3);
        Assert.Equal(3, plan.StepsPerEpoch);

        int[] first = Epoch(0), second = Epoch(1);

        Assert.Equal(Enumerable.Range(0, 10), first.Order());
        Assert.Equal(Enumerable.Range(0, 10), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(2, plan.At(2).Length);

        int[] Epoch(int epoch) => [.. Enumerable.Range(0, 3).SelectMany(step => plan.At((epoch * 3) + step))];
    }

    [Fact]
    public void At_SameSeedInAnyOrderOfCalls_GivesTheSameBatches()
    {
        var one = new BatchPlan(10, 4, seed: 3);
        var other = new BatchPlan(10, 4, seed: 3);
        other.At(7);

        Assert.Equal(one.At(2), other.At(2));
        Assert.NotEqual(one.At(0), new BatchPlan(10, 4, seed: 4).At(0));
    }

    [Fact]
    public void HeldOut_Share_IsNeverTrainedOn()
    {
        var plan = new BatchPlan(10, 3, seed: 1, heldOutShare: 0.15);

        int[] learned = [.. Enumerable.Range(0, plan.StepsPerEpoch).SelectMany(step => plan.At(step))];

        Assert.Equal(2, plan.HeldOut.Length);
        Assert.Equal(8, plan.Learned);
        Assert.Equal(Enumerable.Range(0, 10), learned.Concat(plan.HeldOut).Order());
    }

    [Fact]
    public void HeldOut_OneItem_IsTrainedOn() => Assert.Empty(new BatchPlan(1, 3, seed: 1, heldOutShare: 0.5).HeldOut);
}
