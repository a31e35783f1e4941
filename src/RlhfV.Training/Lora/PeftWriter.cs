using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Models.Adapters;
using RlhfV.Models.Checkpoints;
using RlhfV.Training.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Lora;

/// <summary>Writes adapters as PEFT does: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
internal static class PeftWriter
{
    /// <summary>Writes both files; the settings last, so that a folder with settings has its tensors.</summary>
    public static void Write(
        string folder, string baseModel, LoraOptions options, IEnumerable<(string Name, Parameter A, Parameter B)> adapters)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(baseModel);
        Directory.CreateDirectory(folder);
        (string Name, Parameter A, Parameter B)[] all = [.. adapters];
        IEnumerable<KeyValuePair<string, Tensor>> tensors = all.SelectMany(adapter => new[]
        {
            KeyValuePair.Create(PeftNames.Key(adapter.Name, "lora_A"), (Tensor)adapter.A),
            KeyValuePair.Create(PeftNames.Key(adapter.Name, "lora_B"), (Tensor)adapter.B),
        });
        Safetensors.Save(Path.Combine(folder, PeftAdapter.TensorFile), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        var config = new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = null,
            ["base_model_name_or_path"] = baseModel,
            ["r"] = options.Rank,
            ["lora_alpha"] = options.Alpha,
            ["lora_dropout"] = options.Dropout,
            ["target_modules"] = new JsonArray([.. all.Select(adapter => (JsonNode)PeftNames.Module(adapter.Name))]),
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["modules_to_save"] = null,
            ["use_dora"] = false,
            ["use_rslora"] = false,
        };
        RunJson.Write(Path.Combine(folder, PeftAdapter.ConfigFile), JsonSerializer.SerializeToUtf8Bytes(config, RunJson.Indented));
    }
}
