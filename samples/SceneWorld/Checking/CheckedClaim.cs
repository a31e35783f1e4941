using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A claim of a caption that was held against the scene.</summary>
/// <param name="Span">Where it stands in the caption.</param>
/// <param name="Type">What it is about, named after the mistake that it would be.</param>
/// <param name="IsTrue">False when it is a hallucination.</param>
public sealed record CheckedClaim(TextSpan Span, HallucinationType Type, bool IsTrue);
