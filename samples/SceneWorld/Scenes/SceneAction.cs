namespace SceneWorld;

/// <summary>What people and animals can do. Each is drawn as its own pose.</summary>
public enum SceneAction
{
    Standing,
    Sitting,
    Running,
    Jumping,
    Sleeping,
    Flying,
    Eating,
}
