namespace SceneWorld;

/// <summary>Where a group stands: one cell of two columns and three rows.</summary>
/// <param name="Column">Left or right half.</param>
/// <param name="Row">Top, middle or bottom.</param>
public readonly record struct Place(SceneColumn Column, SceneRow Row)
{
    /// <summary>
    /// True when this place stands in the relation to the other, for example left of it. Equal columns or rows are neither.
    /// </summary>
    /// <param name="relation">The relation to test.</param>
    /// <param name="other">The place it is related to.</param>
    public bool Is(SpatialRelation relation, Place other) => relation switch
    {
        SpatialRelation.LeftOf => Column < other.Column,
        SpatialRelation.RightOf => Column > other.Column,
        SpatialRelation.Above => Row < other.Row,
        SpatialRelation.Below => Row > other.Row,
        _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, "Expected one of the four spatial relations."),
    };
}
