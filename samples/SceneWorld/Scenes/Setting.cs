namespace SceneWorld;

/// <summary>Where a scene plays.</summary>
public enum Setting
{
    Kitchen,
    Street,
    LivingRoom,
    Bathroom,
}
