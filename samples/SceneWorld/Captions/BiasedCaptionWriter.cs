namespace SceneWorld;

/// <summary>Describes scenes in the same words as <see cref="CaptionWriter"/>, with the plausible mistakes of someone who goes by what is usual.</summary>
public sealed class BiasedCaptionWriter
{
    private readonly BiasOptions _options;

    /// <summary>Makes a writer.</summary>
    /// <param name="options">How often it is wrong; null for the defaults.</param>
    public BiasedCaptionWriter(BiasOptions? options = null) => _options = options ?? new BiasOptions();

    /// <summary>A detailed description of 40 to 70 words.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses wording and mistakes.</param>
    public BiasedCaption Write(Scene scene, long seed) =>
        Composer.Compose(
            scene, seed, _options, DetailedDescription.MinimumWords, DetailedDescription.MaximumWords, DetailedDescription.Tell);

    /// <summary>A short description of 8 to 20 words.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses groups, wording and mistakes.</param>
    public BiasedCaption WriteShort(Scene scene, long seed) =>
        Composer.Compose(scene, seed, _options, ShortDescription.MinimumWords, ShortDescription.MaximumWords, ShortDescription.Tell);
}
