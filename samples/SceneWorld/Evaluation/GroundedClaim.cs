using RlhfV.Models.Grounding;

namespace SceneWorld;

/// <summary>A claim of a model's answer with its truth and with how far the picture supports it.</summary>
/// <param name="Scene">Number of the scene the answer is about.</param>
/// <param name="Claim">The claim and whether it is true.</param>
/// <param name="Support">The claim's words as the model sees them.</param>
public sealed record GroundedClaim(long Scene, CheckedClaim Claim, GroundedSegment Support);
