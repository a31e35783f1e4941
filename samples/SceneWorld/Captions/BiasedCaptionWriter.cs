namespace SceneWorld;

/// <summary>
/// Describes scenes in the same words as <see cref="CaptionWriter"/>, with the plausible mistakes of someone who goes by what is usual.
/// </summary>
public sealed class BiasedCaptionWriter
{
    private readonly BiasOptions _options;

    /// <summary>Makes a writer.</summary>
    /// <param name="options">How often it is wrong; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A probability or the rate is negative or not a number.</exception>
    public BiasedCaptionWriter(BiasOptions? options = null)
    {
        options ??= new BiasOptions();
        _options = options;
        Require(options.Rate, nameof(BiasOptions.Rate));
        Require(options.Object, nameof(BiasOptions.Object));
        Require(options.Position, nameof(BiasOptions.Position));
        Require(options.Number, nameof(BiasOptions.Number));
        Require(options.Attribute, nameof(BiasOptions.Attribute));
        Require(options.Action, nameof(BiasOptions.Action));
    }

    /// <summary>A detailed description of 40 to 70 words.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses wording and mistakes.</param>
    public BiasedCaption Write(Scene scene, long seed) => Composer.Compose(scene, seed, _options, DetailedDescription.Plan);

    /// <summary>A short description of 8 to 20 words.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses groups, wording and mistakes.</param>
    public BiasedCaption WriteShort(Scene scene, long seed) => Composer.Compose(scene, seed, _options, ShortDescription.Plan);

    private static void Require(double value, string name)
    {
        if (!(value >= 0))
        {
            throw new ArgumentOutOfRangeException("options", value, $"{name} is {value}; expected zero or more.");
        }
    }
}
