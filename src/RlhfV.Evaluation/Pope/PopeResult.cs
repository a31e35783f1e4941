namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="Pope"/>.</summary>
/// <param name="Mode">How answers were read.</param>
/// <param name="Metrics">The figures.</param>
/// <param name="Items">Every question that was scored.</param>
/// <param name="Diagnostics">Unclear, missing and repeated answers.</param>
public sealed record PopeResult(
    ScoringMode Mode, PopeMetrics Metrics, IReadOnlyList<PopeItem> Items, IReadOnlyList<EvaluationDiagnostic> Diagnostics);
