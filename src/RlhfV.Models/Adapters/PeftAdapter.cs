using RlhfV.Models.Checkpoints;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Adapters;

/// <summary>
/// A LoRA adapter in PEFT's layout, opened for a network that it fits: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.
/// Opening reads settings, names and shapes; the matrices are read when asked for.
/// </summary>
public sealed class PeftAdapter : IDisposable
{
    /// <summary>Name of the settings.</summary>
    public const string ConfigFile = "adapter_config.json";

    /// <summary>Name of the tensors.</summary>
    public const string TensorFile = "adapter_model.safetensors";

    // A copy made in bf16 of weights that are wider lies within a few thousandths of them.
    private const double CopyTolerance = 0.01;

    private readonly string _file;
    private readonly TensorSource _source;
    private readonly Dictionary<string, (string A, string B)> _keys;
    private readonly IReadOnlyDictionary<string, string> _copies;

    private PeftAdapter(PeftSettings settings, string file, TensorSource source, PeftKeys keys) =>
        (Settings, _file, _source, _keys, _copies) = (settings, file, source, keys.RequireFit(file), keys.Copies);

    /// <summary>Rank and scale.</summary>
    public PeftSettings Settings { get; }

    /// <summary>Names of the adapted modules in the network.</summary>
    public IReadOnlyCollection<string> Modules => _keys.Keys;

    /// <summary>Opens an adapter.</summary>
    /// <param name="folder">Folder with the two files, as PEFT or training with LoRA wrote it.</param>
    /// <param name="network">The network that it was learned for.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="ModelFormatException">
    /// A file is damaged, asks for more than plain LoRA, or does not fit the network; whatever does not fit is listed at once.
    /// </exception>
    public static PeftAdapter Open(string folder, VisionLanguageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Open(folder, Linears(network).ToDictionary(l => l.Name, l => (IReadOnlyList<long>)l.Layer.Weight.shape));
    }

    /// <summary>Reads the two matrices of a module.</summary>
    /// <remarks>
    /// PEFT adds the output head's own weight where it adapts the head. Such copies are not used but compared, by
    /// <see cref="RequireSameWeights"/>: another weight there means that more than the adapter was learned.
    /// </remarks>
    /// <param name="module">One of <see cref="Modules"/>.</param>
    /// <param name="a">Filled with A, <c>[rank, inputs]</c>.</param>
    /// <param name="b">Filled with B, <c>[outputs, rank]</c>.</param>
    public void Read(string module, Tensor a, Tensor b)
    {
        using IDisposable quiet = no_grad();
        _source.ReadInto(_keys[module].A, a);
        _source.ReadInto(_keys[module].B, b);
    }

    /// <summary>Compares the copies of the model's own weights, if the adapter brings some, with the network's loaded weights.</summary>
    /// <param name="network">The network, its weights loaded.</param>
    /// <exception cref="ModelFormatException">A copy differs by more than rounding.</exception>
    public void RequireSameWeights(VisionLanguageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using IDisposable quiet = no_grad();
        foreach ((string name, Linear layer) in Linears(network).Where(l => _copies.ContainsKey(l.Name)))
        {
            using var scope = NewDisposeScope();
            Tensor own = layer.Weight.to(ScalarType.Float32);
            Tensor copy = zeros(own.shape, device: own.device);
            _source.ReadInto(_copies[name], copy);
            double difference = copy.sub(own).norm().item<float>() / Math.Max(own.norm().item<float>(), float.Epsilon);
            if (!(difference <= CopyTolerance))
            {
                throw new ModelFormatException(FormattableString.Invariant(
                    $"'{_file}' brings a weight of '{name}' that is not this model's (relative difference {difference:G2}; expected the same but for ")
                    + "rounding): it was learned for another model, or together with the adapter. "
                    + "Merge the adapter into its own model with PEFT (merge_and_unload) and load the result.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Opens an adapter for a network that need not be there.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="weights">Shapes of the weights that can be adapted, <c>[outputs, inputs]</c>, by module.</param>
    internal static PeftAdapter Open(string folder, IReadOnlyDictionary<string, IReadOnlyList<long>> weights)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string config = Existing(folder, ConfigFile);
        string file = Existing(folder, TensorFile);
        PeftSettings settings = PeftSettings.Read(config);
        TensorSource source = Safetensors.Open(file);
        try
        {
            return new PeftAdapter(settings, file, source, new PeftKeys(source, settings.Rank, weights));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Adds the corrections to the network's weights.</summary>
    internal void MergeInto(VisionLanguageNetwork network)
    {
        RequireSameWeights(network);
        foreach ((string name, Linear layer) in Linears(network).Where(l => _keys.ContainsKey(l.Name)))
        {
            using var scope = NewDisposeScope();
            Tensor a = zeros([Settings.Rank, layer.Weight.shape[1]], device: layer.Weight.device);
            Tensor b = zeros([layer.Weight.shape[0], Settings.Rank], device: layer.Weight.device);
            Read(name, a, b);
            layer.AddLowRank(a, b, Settings.Scale);
        }
    }

    private static IEnumerable<(string Name, Linear Layer)> Linears(VisionLanguageNetwork network) =>
        network.named_modules().Where(m => m.module is Linear).Select(m => (m.name, (Linear)m.module));

    private static string Existing(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                Directory.Exists(folder)
                    ? $"'{folder}' has no {name}; expected the folder of a LoRA adapter as PEFT or this package wrote it. {FolderAdvice.WithoutAdapter(folder)}"
                    : $"Found no adapter folder '{Path.GetFullPath(folder)}'; expected one with {ConfigFile} and {TensorFile}.",
                path);
    }
}
