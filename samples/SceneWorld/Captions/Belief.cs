namespace SceneWorld;

/// <summary>A group as a describer believes it to be.</summary>
/// <param name="Group">What it would say, mistakes included.</param>
/// <param name="Truth">The real group of that kind; null when the scene has none.</param>
/// <param name="Name">Which of the kind's names it uses.</param>
internal sealed record Belief(ObjectGroup Group, ObjectGroup? Truth, int Name)
{
    /// <summary>True when the group is in the scene.</summary>
    public bool IsPresent => Truth is not null;
}
