namespace RlhfV.Evaluation;

/// <summary>A picture to ask about, and its objects.</summary>
/// <param name="Image">The picture's name.</param>
/// <param name="Objects">What it shows, in the order of the annotations; the first ones are asked about.</param>
public sealed record PopeImage(string Image, IReadOnlyList<string> Objects);
