namespace RlhfV.Evaluation;

/// <summary>A yes/no question with its answer as it was understood.</summary>
/// <param name="Item">The item.</param>
/// <param name="Dimension">What it is about.</param>
/// <param name="Response">The answer's text.</param>
/// <param name="SaysYes">True for yes, false for no, null when it is neither and so is wrong.</param>
public sealed record AmberQuestion(AmberItem Item, AmberDimension Dimension, string Response, bool? SaysYes);
