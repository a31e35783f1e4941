using System.Text.Json;
using RlhfV.Models.Adapters;
using RlhfV.Models.Checkpoints;

namespace RlhfV.Models;

/// <summary>Looks at what a folder holds instead of what was expected, and says what can be done about it.</summary>
internal static class FolderAdvice
{
    private const string ConfigFile = "config.json";
    private const string Fetch = "Fetch all files of the model from where it was published.";

    // Weights in files of other formats, or under names that are not looked for.
    private static readonly string[] WeightExtensions = [".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf", ".ggml", ".h5", ".msgpack", ".onnx"];

    /// <summary>What to say of a model's folder without <c>config.json</c>.</summary>
    public static string WithoutConfig(string folder)
    {
        string said = $"'{folder}' has no {ConfigFile}; expected a model in the Hugging Face layout.";
        if (File.Exists(Path.Combine(folder, PeftAdapter.ConfigFile)))
        {
            return $"{said} It is the folder of an adapter{BaseOf(folder)}: load its model, and name this folder in "
                + $"{nameof(VisionLanguageModelOptions.AdapterPath)}.";
        }

        // The cache of Hugging Face's libraries has a model two levels below, training runs one level.
        var below = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true };
        string[] models = [.. Directory.EnumerateFiles(folder, ConfigFile, below).Take(3).Select(file => $"'{Path.GetDirectoryName(file)}'").Order()];
        return models.Length > 0 ? $"{said} There is one in {string.Join(", ", models)}: name that folder."
            : !CheckpointFormats.IsIn(folder) && OtherWeights(folder) is { } other ? $"{said} {other}"
            : $"{said} {Fetch}";
    }

    /// <summary>What to do about a folder without weights.</summary>
    public static string WithoutWeights(string folder)
    {
        string[] shards = [.. NamesIn(folder).Where(CheckpointNames.IsShard).Order(StringComparer.Ordinal)];
        return shards.Length > 0
            ? $"There are {shards.Length} shards, such as '{shards[0]}', but no index: fetch {CheckpointNames.Index} too."
            : OtherWeights(folder) ?? Fetch;
    }

    /// <summary>What to do about an adapter's folder without one of its files.</summary>
    public static string WithoutAdapter(string folder) =>
        File.Exists(Path.Combine(folder, "adapter_model.bin"))
            ? $"It holds adapter_model.bin: load the adapter with PEFT and save it again, which writes {PeftAdapter.TensorFile}."
        : File.Exists(Path.Combine(folder, ConfigFile))
            ? $"It holds {ConfigFile}, so it is a whole model: load that folder as the model, without an adapter."
        : $"Fetch {PeftAdapter.ConfigFile} and {PeftAdapter.TensorFile} from where the adapter was published.";

    private static string? OtherWeights(string folder)
    {
        string[] files =
        [
            .. NamesIn(folder).Where(name => WeightExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal).Take(3).Select(name => $"'{name}'"),
        ];
        return files.Length == 0 ? null
            : $"It holds {string.Join(", ", files)}: if these are the model's weights, convert them with transformers (from_pretrained, save_pretrained).";
    }

    private static IEnumerable<string> NamesIn(string folder) => Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file));

    private static string BaseOf(string adapter)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(adapter, PeftAdapter.ConfigFile)));
            return document.RootElement.TryGetProperty("base_model_name_or_path", out JsonElement name) && name.ValueKind == JsonValueKind.String
                && name.GetString() is { Length: > 0 } model
                ? $" learned for '{model}'"
                : string.Empty;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return string.Empty; // The name is an extra; that there is no model in the folder is what is said.
        }
    }
}
