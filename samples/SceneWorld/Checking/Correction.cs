using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A caption put right.</summary>
/// <param name="Chosen">The corrected text: equal to the caption except in the segments.</param>
/// <param name="Segments">What was changed, ordered by place; empty when nothing was wrong.</param>
public sealed record Correction(string Chosen, IReadOnlyList<CorrectedSegment> Segments);
