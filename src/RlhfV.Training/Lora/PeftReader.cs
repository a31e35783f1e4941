using System.Text.Json;
using RlhfV.Models;
using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Training.Lora;

/// <summary>Reads adapters that PEFT or <see cref="PeftWriter"/> wrote.</summary>
internal sealed class PeftReader : IDisposable
{
    private readonly string _file;
    private readonly TensorSource _source;
    private readonly Dictionary<string, string> _keys = [];

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="modules">Names of the modules that can be adapted.</param>
    public PeftReader(string folder, IReadOnlyCollection<string> modules)
    {
        string config = Existing(folder, PeftWriter.ConfigFile);
        _file = Existing(folder, PeftWriter.TensorFile);
        Options = ReadOptions(config);
        _source = Safetensors.Open(_file);
        try
        {
            foreach (string key in _source.Tensors.Keys)
            {
                string module = PeftNames.Find(key, modules) ?? throw new ModelFormatException(
                    $"'{_file}': tensor '{key}' belongs to no module of this network; "
                    + "expected base_model.model.MODULE.lora_A.weight or lora_B.weight.");
                _keys.Add($"{module}.{(key.Contains(".lora_A.", StringComparison.Ordinal) ? "A" : "B")}", key);
                Names.Add(module);
            }
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    /// <summary>Rank, scale and targets.</summary>
    public LoraOptions Options { get; }

    /// <summary>Names of the adapted modules in the network.</summary>
    public HashSet<string> Names { get; } = [];

    /// <summary>Reads the two matrices of a module.</summary>
    public void Read(string module, Tensor a, Tensor b)
    {
        using IDisposable quiet = no_grad();
        Read(KeyOf(module, "A"), a);
        Read(KeyOf(module, "B"), b);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private void Read(string key, Tensor destination)
    {
        IReadOnlyList<long> shape = _source.Tensors[key].Shape;
        if (!shape.SequenceEqual(destination.shape))
        {
            throw new ModelFormatException(
                $"'{_file}': '{key}' has shape [{string.Join(", ", shape)}], expected [{string.Join(", ", destination.shape)}]. "
                + "The adapter was made for another model, or r of its settings is not its rank.");
        }

        _source.ReadInto(key, destination);
    }

    private string KeyOf(string module, string matrix) => _keys.TryGetValue($"{module}.{matrix}", out string? key)
        ? key
        : throw new ModelFormatException($"'{_file}' has no lora_{matrix} for '{module}'; expected both matrices of every adapted module.");

    private static string Existing(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"'{folder}' has no {name}; expected a folder that PEFT or this package wrote.", path);
    }

    private static LoraOptions ReadOptions(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement root = document.RootElement;
            Refuse("peft_type", type => type.ValueKind != JsonValueKind.String || type.GetString() != "LORA");
            Refuse("use_dora", value => value.ValueKind == JsonValueKind.True);
            Refuse("use_rslora", value => value.ValueKind == JsonValueKind.True);
            Refuse("bias", value => value.ValueKind == JsonValueKind.String && value.GetString() != "none");
            Refuse("rank_pattern", value => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any());
            Refuse("alpha_pattern", value => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any());
            Refuse("modules_to_save", value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0);
            var options = new LoraOptions
            {
                Rank = root.GetProperty("r").GetInt32(),
                Alpha = root.GetProperty("lora_alpha").GetDouble(),
                Dropout = root.TryGetProperty("lora_dropout", out JsonElement dropout) ? dropout.GetDouble() : 0,
            };
            string[] mistakes = [.. options.Mistakes()];
            return mistakes.Length == 0 ? options : throw new ModelFormatException($"'{file}': {string.Join(" ", mistakes)}");

            void Refuse(string name, Func<JsonElement, bool> unsupported)
            {
                if (root.TryGetProperty(name, out JsonElement value) && unsupported(value))
                {
                    throw new ModelFormatException(
                        $"'{file}': {name} is {value.GetRawText()}, which is not supported; expected plain LoRA.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or (FormatException and not ModelFormatException))
        {
            throw new ModelFormatException($"'{file}' is no adapter_config.json of PEFT: {e.Message}", e);
        }
    }
}
