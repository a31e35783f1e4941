namespace RlhfV.Evaluation;

/// <summary>Responses of a certain length.</summary>
/// <param name="Name">The length in words.</param>
/// <param name="Base">Share of the base model's responses of that length that hallucinate.</param>
/// <param name="Aligned">Share of the aligned model's responses of that length that hallucinate.</param>
internal sealed record LengthGroup(string Name, RatioEstimate Base, RatioEstimate Aligned);
