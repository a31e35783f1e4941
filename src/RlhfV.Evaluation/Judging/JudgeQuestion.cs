namespace RlhfV.Evaluation;

/// <summary>One prompt for a judge.</summary>
/// <param name="Item">Identifies the item; unique within a run.</param>
/// <param name="Prompt">The prompt, filled in.</param>
internal readonly record struct JudgeQuestion(string Item, string Prompt);
