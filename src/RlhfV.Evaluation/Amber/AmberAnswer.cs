namespace RlhfV.Evaluation;

/// <summary>A model's answer to an item of AMBER.</summary>
/// <param name="Id">The item's number.</param>
/// <param name="Response">The description, or the answer to the question.</param>
public sealed record AmberAnswer(int Id, string Response);
