using System.Text.Json;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Adapters;

/// <summary>A made-up LoRA adapter of rank 2 in the files that PEFT writes, large enough to change what the tiny model says.</summary>
internal static class TinyAdapter
{
    public const int Rank = 2;
    public const double Alpha = 3;

    private const string Layers = "language_model.model.layers.";

    /// <summary>The modules it adapts, by the network's names.</summary>
    public static IReadOnlyList<string> Modules { get; } =
        [$"{Layers}0.self_attn.q_proj", $"{Layers}0.mlp.up_proj", $"{Layers}1.self_attn.v_proj", $"{Layers}1.mlp.down_proj"];

    /// <summary>Writes the adapter's files.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="network">The network whose shapes it has.</param>
    /// <param name="prefix">What the decoder's layers are called: the newer tree of transformers, or the older.</param>
    public static void Write(string folder, VisionLanguageNetwork network, string prefix = "model.language_model.layers.")
    {
        using var scope = NewDisposeScope();
        WriteTensors(folder, Modules.SelectMany(module =>
        {
            (Tensor a, Tensor b) = Matrices(network, module);
            string key = $"base_model.model.{module.Replace(Layers, prefix, StringComparison.Ordinal)}";
            return new[] { KeyValuePair.Create($"{key}.lora_A.weight", a), KeyValuePair.Create($"{key}.lora_B.weight", b) };
        }));
        WriteConfig(folder, []);
    }

    public static void WriteTensors(string folder, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        Safetensors.Save(Path.Combine(folder, "adapter_model.safetensors"), tensors);

    /// <summary>Writes the settings as PEFT 0.17 does, some of them otherwise.</summary>
    public static void WriteConfig(string folder, Dictionary<string, object?> otherwise)
    {
        var config = new Dictionary<string, object?>
        {
            ["alpha_pattern"] = new { },
            ["auto_mapping"] = null,
            ["base_model_name_or_path"] = "tiny",
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["layer_replication"] = null,
            ["lora_alpha"] = Alpha,
            ["lora_bias"] = false,
            ["lora_dropout"] = 0.05,
            ["modules_to_save"] = null,
            ["peft_type"] = "LORA",
            ["r"] = Rank,
            ["rank_pattern"] = new { },
            ["target_modules"] = new[] { "q_proj", "v_proj", "up_proj", "down_proj" },
            ["target_parameters"] = null,
            ["task_type"] = "CAUSAL_LM",
            ["trainable_token_indices"] = null,
            ["use_dora"] = false,
            ["use_qalora"] = false,
            ["use_rslora"] = false,
        };
        foreach ((string key, object? value) in otherwise)
        {
            config[key] = value;
        }

        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), JsonSerializer.Serialize(config));
    }

    /// <summary>The two matrices of a module: A <c>[rank, inputs]</c> and B <c>[outputs, rank]</c>.</summary>
    public static (Tensor A, Tensor B) Matrices(VisionLanguageNetwork network, string module)
    {
        long[] shape = Layer(network, module).Weight.shape;
        using var generator = new Generator((ulong)Modules.ToList().IndexOf(module));
        return (randn([Rank, shape[1]], generator: generator), randn([shape[0], Rank], generator: generator));
    }

    public static Linear Layer(VisionLanguageNetwork network, string module) =>
        (Linear)network.named_modules().Single(m => m.name == module).module;
}
