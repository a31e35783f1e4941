using RlhfV.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfV.Training;

/// <summary>Adds up what the micro-batches of a step say, as sums over pairs, so that an uneven last one weighs as much as it should.</summary>
internal sealed class StepStatistics
{
    private readonly double[] _sums = new double[6];

    /// <summary>Number of pairs added.</summary>
    public int Pairs { get; private set; }

    /// <summary>Mean loss.</summary>
    public double Loss => Mean(0);

    /// <summary>Mean of chosen minus rejected reward.</summary>
    public double RewardMargin => Mean(1) - Mean(2);

    /// <summary>Share of pairs whose chosen reward is the larger.</summary>
    public double RewardAccuracy => Mean(3);

    /// <summary>Mean score of chosen answers.</summary>
    public double ChosenLogProb => Mean(4);

    /// <summary>Mean score of rejected answers.</summary>
    public double RejectedLogProb => Mean(5);

    /// <summary>Adds a micro-batch.</summary>
    /// <param name="terms">What the objective said.</param>
    /// <param name="scores">The policy's scores, chosen then rejected, <c>[2 * pairs]</c>.</param>
    /// <returns>The micro-batch's mean loss.</returns>
    public double Add(PairTerms terms, Tensor scores)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        long pairs = terms.Losses.shape[0];
        Tensor rows = stack(
        [
            terms.Losses,
            terms.ChosenRewards,
            terms.RejectedRewards,
            terms.ChosenRewards.gt(terms.RejectedRewards).to(ScalarType.Float32),
            scores.narrow(0, 0, pairs),
            scores.narrow(0, pairs, pairs),
        ]);

        // One copy from the device for all of them, in double precision so that the order of micro-batches hardly matters.
        using var values = rows.to(ScalarType.Float64).sum(dim: 1).cpu().data<double>();
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] += values[i];
        }

        Pairs += (int)pairs;
        return values[0] / pairs;
    }

    private double Mean(int row) => _sums[row] / Pairs;
}
