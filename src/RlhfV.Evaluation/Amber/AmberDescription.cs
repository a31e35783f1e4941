namespace RlhfV.Evaluation;

/// <summary>One description held against its picture.</summary>
/// <param name="Item">The item.</param>
/// <param name="Response">The description.</param>
/// <param name="Nouns">The nouns of it that count, each as often as it occurs.</param>
/// <param name="Hallucinated">Those of <paramref name="Nouns"/> that the picture does not show.</param>
/// <param name="Covered">How many of the picture's objects are named.</param>
/// <param name="TargetsHit">How many of the objects that models tend to imagine are named.</param>
public sealed record AmberDescription(
    AmberItem Item, string Response, IReadOnlyList<string> Nouns, IReadOnlyList<string> Hallucinated, int Covered, int TargetsHit);
