namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="MmHalBench"/>.</summary>
/// <param name="Mode">What became of reviews without one clear rating.</param>
/// <param name="Metrics">The figures.</param>
/// <param name="ByType">Mean rating of each type; null with fewer than 96 answers.</param>
/// <param name="Scores">Every answer with its review, in the order given.</param>
/// <param name="Judge">Who judged; null for reviews that were made before.</param>
/// <param name="Diagnostics">Reviews without a clear rating.</param>
public sealed record MmHalResult(
    ScoringMode Mode, MmHalMetrics Metrics, IReadOnlyDictionary<string, double>? ByType, IReadOnlyList<MmHalScore> Scores,
    JudgeSummary? Judge,
    IReadOnlyList<EvaluationDiagnostic> Diagnostics);
