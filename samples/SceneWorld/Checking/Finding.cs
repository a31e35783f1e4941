namespace SceneWorld;

/// <summary>A hallucinated segment together with the phrase that holds it.</summary>
/// <param name="Segment">What is wrong.</param>
/// <param name="Phrase">The phrase.</param>
internal sealed record Finding(HallucinatedSegment Segment, Phrase Phrase);
