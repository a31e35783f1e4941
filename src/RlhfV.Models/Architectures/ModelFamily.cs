namespace RlhfV.Models.Architectures;

/// <summary>What the registry knows of a family: how to make its network and processor, and how its checkpoints name their tensors.</summary>
/// <param name="ModelType">The <c>model_type</c> of <c>config.json</c>.</param>
/// <param name="CreateNetwork">Makes the network, weights uninitialised, from the configuration.</param>
/// <param name="CreateProcessor">Makes the processor from folder and configuration.</param>
/// <param name="MapTensorName">A checkpoint's tensor name to the network's; null for tensors that are not needed.</param>
internal sealed record ModelFamily(
    string ModelType,
    Func<ConfigReader, VisionLanguageNetwork> CreateNetwork,
    Func<string, ConfigReader, VisionLanguageProcessor> CreateProcessor,
    Func<string, string?> MapTensorName);
