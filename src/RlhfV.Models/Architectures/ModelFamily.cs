using RlhfV.Models.Checkpoints;

namespace RlhfV.Models.Architectures;

/// <summary>What the registry knows of a family: how to make its network and processor, and how its checkpoints name their tensors.</summary>
/// <param name="ModelType">The <c>model_type</c> of <c>config.json</c>.</param>
/// <param name="CreateNetwork">Makes the network, weights uninitialised, from the configuration.</param>
/// <param name="CreateProcessor">Makes the processor from folders and configuration.</param>
/// <param name="MapTensorName">A checkpoint's tensor name to the network's; null for tensors that are not needed.</param>
internal sealed record ModelFamily(
    string ModelType,
    Func<ConfigReader, VisionLanguageNetwork> CreateNetwork,
    Func<ModelParts, VisionLanguageProcessor> CreateProcessor,
    Func<string, string?> MapTensorName)
{
    /// <summary>Whether a configuration of one's own <c>model_type</c>, or of a related one, is of this family; null asks the type alone.</summary>
    public Func<ConfigReader, bool>? Recognizes { get; init; }

    /// <summary>Finds the parts of a checkpoint that keeps some of itself in another folder; null when one folder holds everything.</summary>
    public Func<ModelParts, VisionLanguageModelOptions, ModelParts>? Gather { get; init; }

    /// <summary>Makes stored weights fit the configuration where they were made for another one; null takes them as they are.</summary>
    /// <remarks>Owns the checkpoint that it is given.</remarks>
    public Func<TensorSource, ConfigReader, TensorSource>? AdaptWeights { get; init; }

    /// <summary>The network's tensor name to the name it is saved by; null saves under the network's own names.</summary>
    public Func<string, string>? SavedName { get; init; }

    /// <summary>Whether a configuration is of this family.</summary>
    public bool Fits(ConfigReader config) => Recognizes?.Invoke(config) ?? config.Text("model_type", string.Empty) == ModelType;

    /// <summary>All parts of the checkpoint in a folder.</summary>
    public ModelParts PartsOf(string folder, ConfigReader config, VisionLanguageModelOptions options)
    {
        var parts = new ModelParts(folder, config);
        if (Gather is null && options.VisionTowerFolder is { } tower)
        {
            throw new ModelFormatException(
                $"{config.Where}: models of type '{ModelType}' hold their vision tower; expected one in LLaVA's original layout where "
                + $"{nameof(options.VisionTowerFolder)} names '{tower}'. Leave it out.");
        }

        return Gather?.Invoke(parts, options) ?? parts;
    }
}
