namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="RefoMb"/>.</summary>
/// <param name="Counts">All verdicts.</param>
/// <param name="Score">Its score with confidence interval.</param>
/// <param name="ByType">The verdicts of each type that occurs.</param>
/// <param name="Judge">Who judged; null for verdicts that were made before.</param>
/// <param name="Diagnostics">Comparisons the judge gave no verdict on.</param>
public sealed record RefoMbResult(
    RefoMbCounts Counts, Estimate Score, IReadOnlyDictionary<string, RefoMbCounts> ByType, JudgeSummary? Judge,
    IReadOnlyList<EvaluationDiagnostic> Diagnostics);
