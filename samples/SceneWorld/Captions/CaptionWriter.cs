namespace SceneWorld;

/// <summary>Describes scenes truly, in many wordings. Equal scenes and seeds give equal texts.</summary>
public static class CaptionWriter
{
    /// <summary>A detailed description of 40 to 70 words that names every group, its number, and at least one relation.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses the wording.</param>
    public static string Write(Scene scene, long seed) =>
        Composer.Compose(scene, seed, BiasOptions.None, DetailedDescription.Plan).Text;

    /// <summary>A short description of 8 to 20 words about one or two groups.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses groups and wording.</param>
    public static string ShortCaption(Scene scene, long seed) =>
        Composer.Compose(scene, seed, BiasOptions.None, ShortDescription.Plan).Text;
}
