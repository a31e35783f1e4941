using RlhfV.Models.Architectures;
using RlhfV.Models.Modules;
using RlhfV.Models.Native;

namespace RlhfV.Models;

/// <summary>The sizes of a network: what can be said about a model before any of its weights is read.</summary>
public sealed record NetworkShape
{
    private NetworkShape(DecoderConfig decoder, IReadOnlyList<ParameterShape> parameters) => (Decoder, Parameters) = (decoder, parameters);

    /// <summary>Sizes of the decoder.</summary>
    public DecoderConfig Decoder { get; }

    /// <summary>The parameters, in the network's order.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; }

    /// <summary>Number of elements of all parameters.</summary>
    public long Count => Parameters.Sum(parameter => parameter.Count);

    /// <summary>The sizes of a network.</summary>
    /// <param name="network">The network; only looked at.</param>
    public static NetworkShape Of(VisionLanguageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        HashSet<string> linear = [.. network.named_modules().Where(m => m.module is Linear).Select(m => $"{m.name}.weight")];
        return new NetworkShape(
            network.DecoderConfig,
            [
                .. network.named_parameters().Select(p =>
                    new ParameterShape(p.name, network.PartOf(p.name), [.. p.parameter.shape]) { IsLinear = linear.Contains(p.name) }),
            ]);
    }

    /// <summary>
    /// Reads the sizes of a model from its <c>config.json</c> alone. Takes address space for the weights while it works, but no memory.
    /// </summary>
    /// <param name="folder">A folder with a <c>config.json</c>; weights need not be there.</param>
    /// <param name="options">How the model would be loaded, of which the vision tower's folder counts here; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no <c>config.json</c>.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder, or that of a vision tower kept apart, does not exist.</exception>
    /// <exception cref="ModelFormatException">The configuration cannot be read, or names no known family.</exception>
    public static NetworkShape Read(string folder, VisionLanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ConfigReader config = ModelFolder.OpenConfig(folder);
        NativeLibraries.EnsureLoaded();
        ModelFamily family = ModelFamilies.Of(config);
        ModelParts parts = family.PartsOf(folder, config, options ?? new VisionLanguageModelOptions());
        using VisionLanguageNetwork network = family.CreateNetwork(parts.Config);
        return Of(network);
    }
}
