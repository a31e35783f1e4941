namespace SceneWorld;

/// <summary>The truth of one picture. Two scenes are equal when everything that is drawn is equal.</summary>
/// <param name="Seed">The number it was generated from; it also decides the small shifts of the drawing.</param>
/// <param name="Setting">Where it plays.</param>
/// <param name="Groups">Two to five groups of different kinds.</param>
public sealed record Scene(long Seed, Setting Setting, IReadOnlyList<ObjectGroup> Groups)
{
    /// <summary>The group of a kind, or null when the scene has none.</summary>
    /// <param name="kind">The kind to look for.</param>
    public ObjectGroup? Find(ObjectKind kind)
    {
        foreach (ObjectGroup group in Groups)
        {
            if (group.Kind == kind)
            {
                return group;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(Scene? other) =>
        other is not null && Seed == other.Seed && Setting == other.Setting && Groups.SequenceEqual(other.Groups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Seed, Setting, Groups.Count);

    /// <inheritdoc/>
    public override string ToString() => $"{Setting}: {string.Join(", ", Groups)}";
}
