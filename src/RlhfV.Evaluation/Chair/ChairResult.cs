namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="Chair"/>.</summary>
/// <param name="Mode">How words were read.</param>
/// <param name="Rates">CHAIRs is <see cref="ObjectRates.OfResponses"/>, CHAIRi is <see cref="ObjectRates.OfMentions"/>.</param>
/// <param name="Scores">Every caption that was scored, in the order given.</param>
/// <param name="Diagnostics">What was left out, and why.</param>
public sealed record ChairResult(
    ScoringMode Mode, ObjectRates Rates, IReadOnlyList<ObjectScore> Scores, IReadOnlyList<EvaluationDiagnostic> Diagnostics);
