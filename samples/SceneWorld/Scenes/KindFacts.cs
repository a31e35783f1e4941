namespace SceneWorld;

/// <summary>What is usual for a kind of object. Scenes follow it often, a biased describer always.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Home">The setting it belongs to; null when it is at home everywhere.</param>
/// <param name="Colour">Its usual colour.</param>
/// <param name="Count">How many usually stand together, from 1 to 4.</param>
/// <param name="Row">Where it usually stands when it shares a column.</param>
/// <param name="Partners">Kinds that it is often seen with.</param>
/// <param name="Actions">What it can do, the usual action first; empty for things.</param>
public sealed record KindFacts(
    ObjectKind Kind,
    Setting? Home,
    SceneColour Colour,
    int Count,
    SceneRow Row,
    IReadOnlyList<ObjectKind> Partners,
    IReadOnlyList<SceneAction> Actions)
{
    /// <summary>True for people and animals.</summary>
    public bool IsAnimate => Actions.Count > 0;
}
