namespace RlhfV.Evaluation;

/// <summary>A judge's comparison of a reference answer and an answer.</summary>
/// <param name="QuestionId">The question.</param>
/// <param name="Category">The question's category; empty for none, and the review counts in the overall figures alone.</param>
/// <param name="Text">The review; its first line should hold the two scores.</param>
public sealed record LlavaBenchReview(string QuestionId, string Category, string Text);
