using RlhfV.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Objectives;

public class DenseDpoObjectiveTests
{
    public DenseDpoObjectiveTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();

    [Fact]
    public void Score_NormalizedAndSummed_FollowEquation5()
    {
        using var scope = NewDisposeScope();
        Tensor logProbs = tensor(new float[,] { { -1, -2, -4, -9 } });
        Tensor scored = tensor(new float[,] { { 1, 1, 1, 0 } });
        Tensor changed = tensor(new float[,] { { 0, 1, 0, 0 } });
        var mean = new DenseDpoObjective(beta: 0.5, gamma: 5, normalize: true);
        var sum = new DenseDpoObjective(beta: 0.5, gamma: 5, normalize: false);

        Tensor weights = mean.TokenWeights(scored, changed);

        Assert.Equal([1, 5, 1, 0], weights.data<float>().ToArray());
        Assert.Equal(-15f / 7, mean.Score(logProbs, weights).item<float>(), 6);
        Assert.Equal(-15f, sum.Score(logProbs, weights).item<float>(), 6);
    }

    [Fact]
    public void Compare_PolicyEqualsReference_LossIsLn2AndTiesAreNotWins()
    {
        using var scope = NewDisposeScope();
        Tensor scores = tensor(new float[] { -3, -1, -2, -8 });

        PairTerms terms = new DenseDpoObjective(0.5, 5, true).Compare(scores, scores);

        Assert.All(terms.Losses.data<float>().ToArray(), loss => Assert.Equal(Math.Log(2), loss, 6));
        Assert.Equal(terms.ChosenRewards.data<float>().ToArray(), terms.RejectedRewards.data<float>().ToArray());
    }

    [Fact]
    public void Compare_SidesSwapped_MarginChangesItsSign()
    {
        using var scope = NewDisposeScope();
        var objective = new DenseDpoObjective(0.3, 2, true);
        PairTerms one = objective.Compare(tensor(new float[] { -1, -4 }), tensor(new float[] { -2, -3 }));
        PairTerms other = objective.Compare(tensor(new float[] { -4, -1 }), tensor(new float[] { -3, -2 }));

        Assert.Equal(
            one.ChosenRewards.item<float>() - one.RejectedRewards.item<float>(),
            other.RejectedRewards.item<float>() - other.ChosenRewards.item<float>(), 6);
    }

    [Fact]
    public void Compare_SupervisedWeight_SubtractsTheChosenScore()
    {
        using var scope = NewDisposeScope();
        (Tensor policy, Tensor reference) = (tensor(new float[] { -1, -4 }), tensor(new float[] { -2, -3 }));

        float plain = new DenseDpoObjective(0.5, 5, true).Compare(policy, reference).Losses.item<float>();
        float mixed = new DenseDpoObjective(0.5, 5, true, supervisedWeight: 0.1).Compare(policy, reference).Losses.item<float>();

        Assert.Equal(plain + 0.1, mixed, 6);
    }

    [Fact]
    public void Compare_Gradient_AgreesWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var objective = new DenseDpoObjective(beta: 0.5, gamma: 3, normalize: true, supervisedWeight: 0.2);
        double[] start = [-1.1, -0.4, -2.0, -0.7, -1.9, -0.2, -0.9, -1.4];
        Tensor weights = objective.TokenWeights(
            tensor(new double[,] { { 1, 1, 1, 0 }, { 1, 1, 1, 1 } }), tensor(new double[,] { { 0, 1, 0, 0 }, { 1, 0, 0, 1 } }));
        Tensor reference = tensor(new double[] { -0.8, -1.2 });
        Tensor logProbs = tensor(start, [2, 4], requires_grad: true);
        objective.Compare(objective.Score(logProbs, weights), reference).Losses.sum().backward();
        double[] gradient = logProbs.grad!.data<double>().ToArray();

        for (int i = 0; i < start.Length; i++)
        {
            Assert.Equal((Loss(i, 1e-6) - Loss(i, -1e-6)) / 2e-6, gradient[i], 7);
        }

        double Loss(int index, double by)
        {
            double[] moved = [.. start];
            moved[index] += by;
            return objective.Compare(objective.Score(tensor(moved, [2, 4]), weights), reference).Losses.sum().item<double>();
        }
    }

    [Theory]
    [InlineData(0, 5, 0, "beta")]
    [InlineData(double.NaN, 5, 0, "beta")]
    [InlineData(0.5, -1, 0, "gamma")]
    [InlineData(0.5, double.PositiveInfinity, 0, "gamma")]
    [InlineData(0.5, 5, -0.1, "supervisedWeight")]
    public void Constructor_NumberOutOfRange_NamesIt(double beta, double gamma, double supervised, string name)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new DenseDpoObjective(beta, gamma, true, supervised));

        Assert.Equal(name, error.ParamName);
    }
}
