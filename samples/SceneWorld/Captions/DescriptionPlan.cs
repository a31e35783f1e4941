namespace SceneWorld;

/// <summary>How long a description is and how it is told.</summary>
/// <param name="MinimumWords">Fewest words.</param>
/// <param name="MaximumWords">Most words.</param>
/// <param name="Tell">Tells something about beliefs, of which there are two or more.</param>
internal sealed record DescriptionPlan(int MinimumWords, int MaximumWords, Action<Narrator, IReadOnlyList<Belief>> Tell);
