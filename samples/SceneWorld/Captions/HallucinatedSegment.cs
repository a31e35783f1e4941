using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A stretch of a caption that is not true of the scene.</summary>
/// <param name="Span">Where it stands in the caption.</param>
/// <param name="Type">What kind of mistake it is.</param>
/// <param name="Text">The stretch itself.</param>
/// <param name="Truth">What would be true instead, in words; empty when the object is not there at all.</param>
public sealed record HallucinatedSegment(TextSpan Span, HallucinationType Type, string Text, string Truth);
