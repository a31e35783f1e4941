namespace SceneWorld;

/// <summary>The half of the picture that a group stands in.</summary>
public enum SceneColumn
{
    Left,
    Right,
}
