namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="HallucinationGate"/>.</summary>
/// <param name="Comparison">The two models on all items.</param>
/// <param name="Regressions">Every threshold that is broken; empty when the candidate passes.</param>
public sealed record GateResult(PairedComparison Comparison, IReadOnlyList<GateRegression> Regressions)
{
    /// <summary>True when no threshold is broken.</summary>
    public bool Passed => Regressions.Count == 0;

    /// <summary>Does nothing when the candidate passes.</summary>
    /// <exception cref="HallucinationGateException">A threshold is broken; the message lists all of them.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
        {
            throw new HallucinationGateException(this);
        }
    }
}
