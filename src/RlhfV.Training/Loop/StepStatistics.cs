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
    /// <param name="logProbs">Log-probabilities of tokens, <c>[rows, tokens]</c>.</param>
    /// <param name="scored">1 where a token counts, else 0, same shape.</param>
    public void Add(Tensor logProbs, Tensor scored)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor both = stack([logProbs * scored, scored]).to(ScalarType.Float64).sum(dim: [1L, 2L]);         // [2]
        double[] sums = both.cpu().data<double>().ToArray();
        Add([-sums[0], 0, 0, 0, sums[0], 0], sums[1]);
    }

    /// <summary>Adds sums over a pass and what they are means of: pairs, or tokens in supervised training.</summary>
    private void Add(ReadOnlySpan<double> values, double weight)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] += values[i];
        }

        _weight += weight;
    }

    private double Mean(int row) => _sums[row] / _weight;
}
