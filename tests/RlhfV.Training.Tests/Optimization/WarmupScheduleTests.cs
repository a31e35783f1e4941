using RlhfV.Training.Optimization;

namespace RlhfV.Training.Tests.Optimization;

public class WarmupScheduleTests
{
    [Fact]
    public void At_CosineOfSixSteps_GivesTheRatesOfTheReferenceRun()
    {
        var schedule = new WarmupSchedule(LearningRateSchedule.Cosine, 1e-3, WarmupSteps: 1, TotalSteps: 6);

        double[] expected = [0, 1e-3, 9.045e-4, 6.545e-4, 3.455e-4, 9.549e-5];

        Assert.All(expected.Index(), e => Assert.Equal(e.Item, schedule.At(e.Index), 5e-8));
    }

    [Fact]
    public void At_Linear_FallsOnALineAfterWarmup()
    {
        var schedule = new WarmupSchedule(LearningRateSchedule.Linear, 1, WarmupSteps: 2, TotalSteps: 6);

        double[] expected = [0, 0.5, 1, 0.75, 0.5, 0.25, 0];

        Assert.Equal(expected, Enumerable.Range(0, 7).Select(step => schedule.At(step)));
    }

    [Fact]
    public void At_ConstantWithoutWarmup_Stays() =>
        Assert.All(Enumerable.Range(0, 5), step =>
            Assert.Equal(3e-4, new WarmupSchedule(LearningRateSchedule.Constant, 3e-4, 0, 5).At(step)));
}
