using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Objectives;

/// <summary>
/// Supervised fine-tuning as a function of log-probabilities: the mean negative log-likelihood of the tokens that count, over all
/// answers of the batch together (long answers weigh more than short ones, as in the instruction tuning of LLaVA and Muffin).
/// </summary>
public static class SftObjective
{
    /// <summary>The share of a micro-batch in the loss of its batch.</summary>
    /// <param name="logProbs">Log-probabilities of tokens, <c>[rows, tokens]</c>, fp32.</param>
    /// <param name="scored">1 where a token counts, else 0, same shape.</param>
    /// <param name="batchTokens">Tokens that count in the whole batch, so that the shares of its micro-batches add up to its mean.</param>
    /// <returns>A single number, differentiable.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchTokens"/> is not positive.</exception>
    public static Tensor Loss(Tensor logProbs, Tensor scored, long batchTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchTokens);
        using var scope = NewDisposeScope();
        return (logProbs * scored).sum().Times(-1.0 / batchTokens).MoveToOuterDisposeScope();
    }
}
