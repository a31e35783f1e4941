namespace SceneWorld;

/// <summary>The colours that objects can have.</summary>
public enum SceneColour
{
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Purple,
    White,
    Black,
}
