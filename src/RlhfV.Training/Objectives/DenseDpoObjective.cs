using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Objectives;

/// <summary>
/// Dense direct preference optimisation (RLHF-V, CVPR 2024, section 3.2), as a function of log-probabilities.
/// </summary>
/// <remarks>
/// <para>The score of an answer y = (unchanged tokens u, corrected tokens c), equation 5 of the paper:</para>
/// <code>s(y) = 1/N * [ sum over u of log p(token) + gamma * sum over c of log p(token) ],   N = |u| + gamma * |c|</code>
/// <para>and without normalisation N = 1, as the released training script has it. The loss of a pair, equation 3:</para>
/// <code>-log sigmoid( beta * [ (s(chosen) - s(rejected)) - (s_ref(chosen) - s_ref(rejected)) ] ) - lambda * s(chosen)</code>
/// <para>The last term mixes supervised learning in; lambda is zero in the paper. With gamma 1 and no normalisation the rest is DPO
/// (arXiv 2305.18290, equation 7). Policy and reference are scored with the same weights.</para>
/// </remarks>
public sealed record DenseDpoObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">Strength of the pull towards the reference; above 0.</param>
    /// <param name="gamma">Weight of a corrected token; above 0, an unchanged token weighs 1.</param>
    /// <param name="normalize">Whether scores are weighted means instead of weighted sums.</param>
    /// <param name="supervisedWeight">The lambda above; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range or not finite.</exception>
    public DenseDpoObjective(double beta, double gamma, bool normalize, double supervisedWeight = 0)
    {
        ThrowUnless(double.IsFinite(beta) && beta > 0, beta, nameof(beta), "above 0");
        ThrowUnless(double.IsFinite(gamma) && gamma > 0, gamma, nameof(gamma), "above 0");
        ThrowUnless(double.IsFinite(supervisedWeight) && supervisedWeight >= 0, supervisedWeight, nameof(supervisedWeight), "0 or more");
        (Beta, Gamma, Normalize, SupervisedWeight) = (beta, gamma, normalize, supervisedWeight);
    }

    /// <summary>Strength of the pull towards the reference.</summary>
    public double Beta { get; }

    /// <summary>Weight of a corrected token.</summary>
    public double Gamma { get; }

    /// <summary>Whether scores are weighted means.</summary>
    public bool Normalize { get; }

    /// <summary>Weight of the supervised term.</summary>
    public double SupervisedWeight { get; }

    /// <summary>Plain DPO: every token weighs 1, scores are sums.</summary>
    /// <param name="beta">Strength of the pull towards the reference.</param>
    public static DenseDpoObjective Dpo(double beta) => new(beta, gamma: 1, normalize: false);

    /// <summary>Weights of tokens.</summary>
    /// <param name="scored">1 where a token counts, 0 where it does not, <c>[rows, tokens]</c>, fp32.</param>
    /// <param name="changed">1 where a token was corrected, else 0, same shape.</param>
    /// <returns>0, 1 or gamma, same shape.</returns>
    public Tensor TokenWeights(Tensor scored, Tensor changed)
    {
        using var scope = NewDisposeScope();
        return (scored * changed.Times(Gamma - 1).Plus(1.0)).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of answers (equation 5).</summary>
    /// <param name="logProbs">Log-probabilities of tokens, <c>[rows, tokens]</c>, fp32.</param>
    /// <param name="weights">Their weights, same shape; every row holds at least one that is not zero.</param>
    /// <returns>One score per row, <c>[rows]</c>.</returns>
    public Tensor Score(Tensor logProbs, Tensor weights)
    {
        using var scope = NewDisposeScope();
        Tensor sum = (logProbs * weights).sum(dim: 1);
        return (Normalize ? sum / weights.sum(dim: 1) : sum).MoveToOuterDisposeScope();
    }

    /// <summary>Losses and rewards of pairs (equation 3).</summary>
    /// <param name="policy">Scores of the policy: all chosen answers, then all rejected ones, <c>[2 * pairs]</c>.</param>
    /// <param name="reference">Scores of the reference in the same order.</param>
    public PairTerms Compare(Tensor policy, Tensor reference)
    {
        using var scope = NewDisposeScope();
        long pairs = policy.shape[0] / 2;
        Tensor rewards = (policy - reference).Times(Beta);
        (Tensor chosen, Tensor rejected) = (rewards.narrow(0, 0, pairs), rewards.narrow(0, pairs, pairs));
        Tensor losses = nn.functional.logsigmoid(chosen - rejected).neg();
        if (SupervisedWeight > 0)
        {
            losses = losses - policy.narrow(0, 0, pairs).Times(SupervisedWeight);
        }

        return new PairTerms(losses.MoveToOuterDisposeScope(), chosen.MoveToOuterDisposeScope(), rejected.MoveToOuterDisposeScope());
    }

    private static void ThrowUnless(bool valid, double value, string name, string expected)
    {
        if (!valid)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected a finite number {expected}.");
        }
    }
}
