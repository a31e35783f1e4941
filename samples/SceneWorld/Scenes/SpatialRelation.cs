namespace SceneWorld;

/// <summary>How one group stands to another.</summary>
public enum SpatialRelation
{
    LeftOf,
    RightOf,
    Above,
    Below,
}
