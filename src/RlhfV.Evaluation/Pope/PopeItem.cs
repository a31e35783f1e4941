namespace RlhfV.Evaluation;

/// <summary>A question with its answer as it was understood.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer's text.</param>
/// <param name="SaysYes">True for yes, false for no, null when it counts as neither.</param>
/// <param name="IsUnclear">True when the answer is no clear yes or no, whatever the mode made of it.</param>
public sealed record PopeItem(PopeQuestion Question, string Answer, bool? SaysYes, bool IsUnclear)
{
    /// <summary>True when the answer is right.</summary>
    public bool IsCorrect => SaysYes == Question.IsPresent;
}
