namespace RlhfV.Evaluation;

/// <summary>A comparison of RefoMB to be judged.</summary>
/// <param name="Id">Identifies the item.</param>
/// <param name="Type">What the question asks for, for example <c>Relation reasoning</c>.</param>
/// <param name="Prompt">The benchmark's judge prompt, filled in: the reference model's answer as A, the model's as B.</param>
public sealed record RefoMbItem(string Id, string Type, string Prompt);
