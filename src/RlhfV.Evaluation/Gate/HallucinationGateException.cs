namespace RlhfV.Evaluation;

/// <summary>A candidate model breaks a threshold of a <see cref="HallucinationGate"/>.</summary>
public sealed class HallucinationGateException : Exception
{
    /// <summary>Makes the exception of a failed result.</summary>
    /// <param name="result">The result.</param>
    public HallucinationGateException(GateResult result)
        : base(Describe(result)) => Result = result;

    /// <summary>The result, with every threshold that is broken.</summary>
    public GateResult Result { get; }

    private static string Describe(GateResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string count = $"{result.Regressions.Count} threshold{(result.Regressions.Count == 1 ? "" : "s")}";
        return $"The candidate breaks {count} on {result.Comparison.Items} items:\n" +
            string.Join('\n', result.Regressions.Select(regression => "- " + regression.Message));
    }
}
