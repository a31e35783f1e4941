namespace RlhfV.Evaluation;

/// <summary>What came of one question: the usable reply, or why there is none.</summary>
/// <param name="Reply">The usable reply's text, or null.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
internal readonly record struct Judgement(string? Reply, EvaluationDiagnostic? Problem);
