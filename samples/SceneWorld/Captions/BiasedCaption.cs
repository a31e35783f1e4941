namespace SceneWorld;

/// <summary>A description together with what in it is not true.</summary>
/// <param name="Text">The description.</param>
/// <param name="Mistakes">The planted mistakes, ordered by place; empty for a true description.</param>
public sealed record BiasedCaption(string Text, IReadOnlyList<HallucinatedSegment> Mistakes);
