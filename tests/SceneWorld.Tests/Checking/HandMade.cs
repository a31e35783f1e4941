namespace SceneWorld.Tests.Checking;

/// <summary>A small scene that hand-written captions are held against.</summary>
internal static class HandMade
{
    /// <summary>A kitchen with two red cups at the bottom left and a black dog running at the bottom right.</summary>
    public static Scene Scene { get; } = new(
        0,
        Setting.Kitchen,
        [
            new ObjectGroup(ObjectKind.Cup, 2, SceneColour.Red, new Place(SceneColumn.Left, SceneRow.Bottom), null),
            new ObjectGroup(ObjectKind.Dog, 1, SceneColour.Black, new Place(SceneColumn.Right, SceneRow.Bottom), SceneAction.Running),
        ]);
}
