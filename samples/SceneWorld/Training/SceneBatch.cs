using RlhfV.Models.Images;

namespace SceneWorld.Training;

/// <summary>Pictures as the model's preprocessing gives them.</summary>
public static class SceneBatch
{
    /// <summary>Draws scenes and preprocesses them.</summary>
    /// <param name="scenes">The scenes.</param>
    /// <param name="processor">The model's image preprocessing.</param>
    public static ProcessedImage[] Draw(IReadOnlyList<Scene> scenes, ImageProcessor processor) =>
        [.. scenes.Select(scene => processor.Process(new RgbImage(112, 112, SceneRenderer.RenderRgb(scene))))];
}
