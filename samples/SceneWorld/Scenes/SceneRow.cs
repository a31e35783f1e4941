namespace SceneWorld;

/// <summary>The height at which a group stands. Two groups of one column never share a row.</summary>
public enum SceneRow
{
    Top,
    Middle,
    Bottom,
}
