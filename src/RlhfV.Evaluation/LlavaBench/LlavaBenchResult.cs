namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="LlavaBench"/>.</summary>
/// <param name="Mode">How reviews were read, and what became of those that could not be.</param>
/// <param name="Overall">All categories pooled.</param>
/// <param name="ByCategory">Each category that occurs.</param>
/// <param name="Judge">Who judged; null for reviews that were made before.</param>
/// <param name="Diagnostics">Reviews that could not be read.</param>
public sealed record LlavaBenchResult(
    ScoringMode Mode, LlavaBenchCategory Overall, IReadOnlyDictionary<string, LlavaBenchCategory> ByCategory, JudgeSummary? Judge,
    IReadOnlyList<EvaluationDiagnostic> Diagnostics);
