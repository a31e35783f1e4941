namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="MHumanEval"/>.</summary>
public sealed record MHumanEvalResult
{
    /// <summary>
    /// The figures: the paper's "all" is <see cref="HallucinationMetrics.ResponseRate"/>, its columns are the response rates of the types,
    /// the counts of figure 2 their numbers of segments.
    /// </summary>
    public required HallucinationMetrics Metrics { get; init; }

    /// <summary>The distribution over responses (figure 4).</summary>
    public required HallucinationCurve Curve { get; init; }

    /// <summary>Responses that a file lost, and samples that were marked more than once.</summary>
    public required IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; init; }

    /// <summary>The figures of each source that responses come from.</summary>
    public required IReadOnlyDictionary<string, HallucinationMetrics> BySource { get; init; }
}
