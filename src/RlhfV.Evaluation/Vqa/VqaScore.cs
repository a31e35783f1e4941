namespace RlhfV.Evaluation;

/// <summary>One scored answer.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Accuracy">How right it is, 0 to 1.</param>
public sealed record VqaScore(VqaQuestion Question, string Answer, double Accuracy);
