namespace RlhfV.Evaluation;

/// <summary>A model's answer to a question of VQA.</summary>
/// <param name="QuestionId">The question's id.</param>
/// <param name="Text">The answer.</param>
public sealed record VqaAnswer(string QuestionId, string Text);
