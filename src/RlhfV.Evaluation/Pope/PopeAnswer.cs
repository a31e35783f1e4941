namespace RlhfV.Evaluation;

/// <summary>A model's answer to a question of POPE.</summary>
/// <param name="QuestionId">The question answered; null when the tool wrote none and answers stand in the order of the questions.</param>
/// <param name="Text">The answer.</param>
public sealed record PopeAnswer(string? QuestionId, string Text);
