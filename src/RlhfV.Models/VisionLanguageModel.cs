using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Models.Adapters;
using RlhfV.Models.Architectures;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Generation;
using RlhfV.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Models;

/// <summary>
/// A loaded vision-language model. Handles share weights: <see cref="AddReference"/> gives another one, and the weights go when the last
/// is disposed. Generation is synchronous, runs on the caller's thread and may be called from several threads at once. A handle that is
/// disposed meanwhile lets what runs end: the weights go after it.
/// </summary>
/// <remarks>Only load models from sources you trust. Weights are read as data; no code of a checkpoint is ever run.</remarks>
public sealed class VisionLanguageModel : IDisposable
{
    private readonly Shared _shared;
    private bool _disposed;

    private VisionLanguageModel(Shared shared) => _shared = shared;

    /// <summary>The model's name: its folder's.</summary>
    public string Name => _shared.Name;

    /// <summary>
    /// The folder whose files hold these weights, as a full path: where the model was loaded from or last saved to. Null when there is none:
    /// for a clone, a model put together from parts, from two folders or with an adapter, and after <see cref="WeightsChanged"/>.
    /// </summary>
    public string? Folder => _shared.Folder;

    /// <summary>The tensors.</summary>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public VisionLanguageNetwork Network => Alive().Network;

    /// <summary>Text and pictures to what the network reads.</summary>
    public VisionLanguageProcessor Processor => _shared.Processor;

    /// <summary>Ids that end an answer.</summary>
    internal IReadOnlySet<int> EndIds => Alive().EndIds;

    /// <summary>Where the model runs.</summary>
    public Device Device => Network.parameters().First().device;

    /// <summary>Loads a model from a Hugging Face folder; the family is found by <c>model_type</c> of its <c>config.json</c>.</summary>
    /// <param name="folder">Folder with config.json, weights (safetensors or pytorch_model.bin, sharded or not), tokenizer and preprocessor files.</param>
    /// <param name="options">Device, precision and adapter; null means CPU, fp32 and none.</param>
    /// <exception cref="DirectoryNotFoundException">The folder, or that of a vision tower kept apart, does not exist.</exception>
    /// <exception cref="FileNotFoundException">A file of the checkpoint or the adapter is missing.</exception>
    /// <exception cref="ModelFormatException">
    /// A file is not what it should be, or the adapter does not fit; tensors that are missing or of wrong shape are listed all at once.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into the device's memory.</exception>
    /// <exception cref="NativeStartupException">Libtorch cannot be loaded.</exception>
    public static VisionLanguageModel Load(string folder, VisionLanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new VisionLanguageModelOptions();
        ConfigReader config = ModelFolder.OpenConfig(folder);
        NativeLibraries.EnsureLoaded();
        Device device = ParseDevice(options.Device ?? "cpu", nameof(options));
        ModelFamily family = ModelFamilies.Of(config);
        ModelParts parts = family.PartsOf(folder, config, options);
        VisionLanguageProcessor processor = family.CreateProcessor(parts);
        TensorSource stored = parts.OpenTensors();
        using TensorSource source = family.AdaptWeights?.Invoke(stored, parts.Config) ?? stored;
        ScalarType type = options.ComputeType ?? (device.type == TorchSharp.DeviceType.CPU ? ScalarType.Float32 : ScalarType.BFloat16);
        VisionLanguageNetwork? network = null;
        try
        {
            network = family.CreateNetwork(parts.Config);
            network.to(device, type);

            // Opened first: an adapter that does not fit is refused before gigabytes are read.
            using PeftAdapter? adapter = options.AdapterPath is { } path ? PeftAdapter.Open(path, network) : null;
            StateLoader.Load(network, source, name => Wanted(family.MapTensorName(name), network));
            adapter?.MergeInto(network);
            return new VisionLanguageModel(
                new Shared(NameOf(folder), parts.Config, ReadGenerationConfig(folder), family, network, processor)
                {
                    Folder = parts.TowerWeightsApart || adapter is not null ? null : Path.GetFullPath(folder),
                });
        }
        catch (Exception problem)
        {
            network?.Dispose();
            if (MemoryShortage.IsToldBy(problem))
            {
                throw MemoryShortage.Of(folder, source, device, type, problem);
            }

            throw;
        }
    }

    /// <summary>Puts a model together from parts, for code that trains one from nothing.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="configJson">Content of its <c>config.json</c>.</param>
    /// <param name="network">Its network; owned by the model from now on.</param>
    /// <param name="processor">Its processor.</param>
    /// <exception cref="ModelFormatException">The configuration names no known family.</exception>
    public static VisionLanguageModel FromParts(
        string name, JsonElement configJson, VisionLanguageNetwork network, VisionLanguageProcessor processor)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(processor);
        var config = new ConfigReader(configJson.Clone(), "config.json");
        return new VisionLanguageModel(new Shared(name, config, null, ModelFamilies.Of(config), network, processor));
    }

    /// <summary>Another handle on the same weights.</summary>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public VisionLanguageModel AddReference()
    {
        ObjectDisposedException.ThrowIf(!Alive().TryAdd(), this);
        return new VisionLanguageModel(_shared);
    }

    /// <summary>A model with its own copy of the weights, for training while the original stays as it is.</summary>
    /// <param name="type">Type of the copy's weights, each rounded to the nearest number that it has; null for the original's.</param>
    /// <exception cref="InvalidOperationException">Corrections are attached that are not merged; the copy would be without them.</exception>
    public VisionLanguageModel Clone(ScalarType? type = null)
    {
        using VisionLanguageModel held = AddReference();
        Shared shared = held._shared;
        RequireNoAdapters(shared.Network);
        VisionLanguageNetwork copy = shared.Family.CreateNetwork(shared.Config);
        using (no_grad())
        {
            TorchSharp.Modules.Parameter first = shared.Network.parameters().First();
            copy.to(first.device, type ?? first.dtype);
            Dictionary<string, TorchSharp.Modules.Parameter> targets = copy.named_parameters().ToDictionary(p => p.name, p => p.parameter);
            foreach ((string name, TorchSharp.Modules.Parameter parameter) in shared.Network.named_parameters())
            {
                targets[name].copy_(parameter);
            }
        }

        return new VisionLanguageModel(
            new Shared(shared.Name, shared.Config, shared.GenerationConfig, shared.Family, copy, shared.Processor));
    }

    /// <summary>Answers one prompt.</summary>
    /// <param name="prompt">Turns, the last one the user's.</param>
    /// <param name="options">Decoding options; null means greedy and up to 512 tokens.</param>
    /// <param name="cancellationToken">Checked before every token.</param>
    public GenerationResult Generate(Prompt prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Generate([prompt], options, cancellationToken)[0];

    /// <summary>Answers several prompts in one batch; every answer is what its prompt would get alone.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">Decoding options for all; null means greedy and up to 512 tokens.</param>
    /// <param name="cancellationToken">Checked before every token.</param>
    /// <returns>One answer per prompt, in order.</returns>
    /// <exception cref="InvalidOperationException">The network computes no numbers: its weights hold none, or its type overflows.</exception>
    public IReadOnlyList<GenerationResult> Generate(
        IReadOnlyList<Prompt> prompts, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0)
        {
            return [];
        }

        var results = new GenerationResult[prompts.Count];
        foreach ((int prompt, GenerationUpdate update) in Run(prompts, options, cancellationToken))
        {
            if (update.Result is not null)
            {
                results[prompt] = update.Result;
            }
        }

        return results;
    }

    /// <summary>Answers one prompt piece by piece. Leaving the loop early stops the generation.</summary>
    /// <param name="prompt">Turns, the last one the user's.</param>
    /// <param name="options">Decoding options; null means greedy and up to 512 tokens.</param>
    /// <param name="cancellationToken">Checked before every token.</param>
    public IEnumerable<GenerationUpdate> Stream(Prompt prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Run([prompt], options, cancellationToken).Select(u => u.Update);
    }

    /// <summary>
    /// Writes the model in the layout it was loaded from, weights as safetensors, whole or not at all: the files of a model that stood in
    /// the folder before are replaced, other files and folders stay.
    /// </summary>
    /// <remarks>A vision tower that was loaded from a folder of its own is written with the rest.</remarks>
    /// <param name="folder">Target folder.</param>
    /// <param name="storeAs">Element type on disk; null keeps the network's.</param>
    /// <exception cref="InvalidOperationException">Corrections are attached that are not merged; the files would be without them.</exception>
    /// <exception cref="IOException">The target is a file, cannot be written, or is a folder that holds something else and no model.</exception>
    public void Save(string folder, ScalarType? storeAs = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using VisionLanguageModel held = AddReference();
        Shared shared = held._shared;
        RequireNoAdapters(shared.Network);
        using var target = new Checkpoints.FolderReplacement(folder);
        ScalarType type = storeAs ?? shared.Network.parameters().First().dtype;
        var json = (JsonObject)JsonNode.Parse(shared.Config.Json.GetRawText())!;
        json.Remove("dtype");
        json["torch_dtype"] = type switch
        {
            ScalarType.Float32 => "float32",
            ScalarType.Float16 => "float16",
            ScalarType.BFloat16 => "bfloat16",
            _ => throw new ArgumentException($"Weights cannot be stored as {type}; expected Float32, Float16 or BFloat16.", nameof(storeAs)),
        };
        File.WriteAllText(Path.Combine(target.Folder, "config.json"), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        if (shared.GenerationConfig is { } generation)
        {
            File.WriteAllText(Path.Combine(target.Folder, "generation_config.json"), generation.GetRawText());
        }

        shared.Processor.Save(target.Folder);
        CheckpointWriter.Save(
            target.Folder,
            shared.Network.named_parameters().Select(p => new KeyValuePair<string, Tensor>(shared.Family.SavedName?.Invoke(p.name) ?? p.name, p.parameter)),
            type);
        target.Commit();
        shared.Folder = Path.GetFullPath(folder);
    }

    /// <summary>
    /// Says that the weights are no longer those in <see cref="Folder"/>, so that nothing saved later refers to that folder. Whoever trains
    /// <see cref="Network"/> in place calls it.
    /// </summary>
    public void WeightsChanged() => Alive().Folder = null;

    /// <summary>Releases this handle; the weights go with the last one.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _shared.Release();
        }
    }

    /// <summary>Files of PyTorch carry a tied head as well: it is the token table once more.</summary>
    private static string? Wanted(string? name, VisionLanguageNetwork network) =>
        network.DecoderConfig.TiedHead && name?.Split('.') is [.., "lm_head", "weight"] ? null : name;

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static JsonElement? ReadGenerationConfig(string folder)
    {
        string file = Path.Combine(folder, "generation_config.json");
        return File.Exists(file) ? ConfigReader.Open(file).Json : null;
    }

    private static Device ParseDevice(string name, string parameter)
    {
        string[] parts = name.Split(':');
        int index = 0;
        if (parts[0] is not ("cpu" or "cuda") || parts.Length > 2 || (parts.Length == 2 && (!int.TryParse(parts[1], out index) || index < 0)))
        {
            throw new ArgumentException($"The device is '{name}'; expected cpu, cuda or cuda:N.", parameter);
        }

        if (parts[0] == "cuda" && (!cuda.is_available() || index >= cuda.device_count()))
        {
            throw new InvalidOperationException(
                $"The device '{name}' was asked for, but libtorch sees {(cuda.is_available() ? cuda.device_count() : 0)} CUDA devices. "
                + "Reference a CUDA build of libtorch and check the driver, or use cpu.");
        }

        return device(name);
    }

    private IEnumerable<(int Prompt, GenerationUpdate Update)> Run(
        IReadOnlyList<Prompt> prompts, GenerationOptions? options, CancellationToken cancellationToken)
    {
        options ??= new GenerationOptions();
        options.Validate();
        Shared shared = Alive();
        cancellationToken.ThrowIfCancellationRequested();
        EncodedPrompt[] encoded = [.. prompts.Select(shared.Processor.EncodePrompt)];
        return Held(new AnswerGenerator(shared.Network, shared.Processor, shared.EndIds).Run(encoded, options, cancellationToken));
    }

    /// <summary>Keeps the weights while answers are made: freed under a running kernel they would take the process along.</summary>
    private IEnumerable<(int Prompt, GenerationUpdate Update)> Held(IEnumerable<(int Prompt, GenerationUpdate Update)> answers)
    {
        using VisionLanguageModel held = AddReference();
        foreach ((int Prompt, GenerationUpdate Update) answer in answers)
        {
            yield return answer;
        }
    }

    /// <summary>Attached corrections are no weights: a file or a copy would silently be the model without them.</summary>
    private static void RequireNoAdapters(VisionLanguageNetwork network)
    {
        if (network.named_modules().FirstOrDefault(m => m.module is Modules.Linear { Adapter: not null }) is { name: { } name })
        {
            throw new InvalidOperationException(
                $"'{name}' has a correction attached, which saving and cloning would leave out. Merge the adapters into the weights, or dispose them, first.");
        }
    }

    private Shared Alive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _shared;
    }

    /// <summary>What handles share.</summary>
    private sealed class Shared
    {
        private int _references = 1;

        public Shared(
            string name, ConfigReader config, JsonElement? generationConfig, ModelFamily family,
            VisionLanguageNetwork network, VisionLanguageProcessor processor)
        {
            (Name, Config, GenerationConfig, Family, Network, Processor) = (name, config, generationConfig, family, network, processor);
            network.eval();
            foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            {
                parameter.requires_grad = false;

                // The weights belong to the model, not to a scope that the caller happens to have open.
                parameter.DetachFromDisposeScope();
            }

            EndIds = ReadEndIds();
        }

        public string Name { get; }

        public string? Folder { get; set; }

        public ConfigReader Config { get; }

        public JsonElement? GenerationConfig { get; }

        public ModelFamily Family { get; }

        public VisionLanguageNetwork Network { get; }

        public VisionLanguageProcessor Processor { get; }

        public IReadOnlySet<int> EndIds { get; }

        /// <summary>Counts one more handle, unless the last was disposed already.</summary>
        public bool TryAdd()
        {
            int count = Volatile.Read(ref _references);
            while (count > 0)
            {
                int found = Interlocked.CompareExchange(ref _references, count + 1, count);
                if (found == count)
                {
                    return true;
                }

                count = found;
            }

            return false;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _references) == 0)
            {
                Network.Dispose();
            }
        }

        private HashSet<int> ReadEndIds()
        {
            var ids = new HashSet<int>();
            if (Processor.Tokenizer.TokenId(Processor.EndOfAnswer) is { } end)
            {
                ids.Add(end);
            }

            if (GenerationConfig is { } json && json.TryGetProperty("eos_token_id", out JsonElement eos))
            {
                IEnumerable<JsonElement> all = eos.ValueKind == JsonValueKind.Array ? eos.EnumerateArray() : [eos];
                ids.UnionWith(all.Where(e => e.ValueKind == JsonValueKind.Number).Select(e => e.GetInt32()));
            }

            return ids;
        }
    }
}
