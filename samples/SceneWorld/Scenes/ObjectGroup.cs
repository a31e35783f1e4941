namespace SceneWorld;

/// <summary>One to four objects of one kind and colour that stand together.</summary>
/// <param name="Kind">What they are. A kind occurs in one group of a scene at most.</param>
/// <param name="Count">How many, from 1 to 4.</param>
/// <param name="Colour">Their colour.</param>
/// <param name="Place">Where they stand.</param>
/// <param name="Action">What they do; null for things that are not alive.</param>
public sealed record ObjectGroup(ObjectKind Kind, int Count, SceneColour Colour, Place Place, SceneAction? Action)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string action = Action is { } value ? $" {value}" : "";
        return $"{Count} {Colour} {Kind}{action} @{Place.Row}-{Place.Column}";
    }
}
