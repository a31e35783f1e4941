using RlhfV.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>Adds up what the passes of a step say, as weighted sums, so that an uneven last pass weighs as much as it should.</summary>
internal sealed class StepStatistics
{
    private readonly double[] _sums = new double[6];
    private double _weight;

    /// <summary>Mean loss.</summary>
    public double Loss => Mean(0);

    /// <summary>Mean of chosen minus rejected reward.</summary>
    public double RewardMargin => Mean(1) - Mean(2);

    /// <summary>Share of pairs whose chosen reward is the larger.</summary>
    public double RewardAccuracy => Mean(3);

    /// <summary>Mean score of chosen answers; mean log-probability of a token in supervised training.</summary>
    public double ChosenLogProb => Mean(4);

    /// <summary>Mean score of rejected answers.</summary>
    public double RejectedLogProb => Mean(5);

    /// <summary>Adds a pass over pairs.</summary>
    /// <param name="terms">What the objective said.</param>
    /// <param name="scores">The policy's scores, chosen then rejected, <c>[2 * pairs]</c>.</param>
    public void Add(PairTerms terms, Tensor scores)
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

        // One copy from the device for all of them, in double precision so that the order of passes hardly matters.
        Add(rows.to(ScalarType.Float64).sum(dim: 1).cpu().data<double>().ToArray(), pairs);
    }

    /// <summary>Adds a supervised pass.</summary>
    /// <param name="logProb">Sum of the log-probabilities of its tokens.</param>
    /// <param name="tokens">Number of tokens.</param>
    public void Add(double logProb, long tokens) => Add([-logProb, 0, 0, 0, logProb, 0], tokens);

    private void Add(ReadOnlySpan<double> values, long weight)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] += values[i];
        }

        _weight += weight;
    }

    private double Mean(int row) => _sums[row] / _weight;
}
