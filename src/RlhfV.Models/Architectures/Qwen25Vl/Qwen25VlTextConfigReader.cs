using RlhfV.Models.Modules;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>Reads the sizes of Qwen2.5-VL's decoder; absent keys take the values that the reference implementation gives them.</summary>
internal static class Qwen25VlTextConfigReader
{
    /// <summary>Reads the decoder's sizes.</summary>
    /// <param name="json">The object that holds them: <c>text_config</c>, or the whole configuration.</param>
    /// <param name="outer">The whole configuration.</param>
    public static DecoderConfig Read(ConfigReader json, ConfigReader outer)
    {
        json.RequireOneOf("hidden_act", "silu", ["silu"]);
        RequireFullAttention(json);
        long hidden = json.Integer("hidden_size", 8192);
        long heads = json.Integer("num_attention_heads", 64);
        ConfigReader? rotary = Rotary(json) ?? Rotary(outer);
        var config = new DecoderConfig
        {
            VocabularySize = json.Integer("vocab_size", outer.Integer("vocab_size", 152064)),
            HiddenSize = hidden,
            FeedForwardSize = json.Integer("intermediate_size", 29568),
            Layers = (int)json.Integer("num_hidden_layers", 80),
            Heads = heads,
            KeyValueHeads = json.Integer("num_key_value_heads", heads),
            HeadSize = json.Integer("head_dim", heads > 0 ? hidden / heads : 0),
            NormEpsilon = json.Number("rms_norm_eps", 1e-5),
            RotaryTheta = rotary?.Number("rope_theta", json.Number("rope_theta", 1_000_000)) ?? json.Number("rope_theta", 1_000_000),
            RotarySections = [.. (rotary?.Integers("mrope_section", [16, 24, 24]) ?? [16, 24, 24]).Select(section => (int)section)],
            MaxPositions = (int)json.Integer("max_position_embeddings", 32768),
            AttentionBias = true,
            TiedHead = json.Boolean("tie_word_embeddings", outer.Boolean("tie_word_embeddings", false)),
        };
        json.RequireDivides("num_attention_heads", heads, "hidden_size", hidden);
        json.RequireDivides("num_key_value_heads", config.KeyValueHeads, "num_attention_heads", heads);
        if (config.RotarySections.Count != 3 || config.RotarySections.Any(s => s < 0) || 2 * config.RotarySections.Sum() != config.HeadSize)
        {
            throw new ModelFormatException(
                $"{(rotary ?? json).Where}: 'mrope_section' is [{string.Join(", ", config.RotarySections)}]; "
                + $"expected three numbers that add up to half the head's width, {config.HeadSize / 2}.");
        }

        return config;
    }

    private static ConfigReader? Rotary(ConfigReader json)
    {
        string? key = Array.Find(["rope_parameters", "rope_scaling"], json.Has);
        if (key is null)
        {
            return null;
        }

        // 'mrope' says only that positions have three axes; newer files write 'default' beside or instead. Both leave the frequencies alone.
        ConfigReader rotary = json.Object(key);
        rotary.RequireOneOf("rope_type", "default", ["default", "mrope"]);
        rotary.RequireOneOf("type", "mrope", ["default", "mrope"]);
        return rotary;
    }

    private static void RequireFullAttention(ConfigReader json)
    {
        if (json.Boolean("use_sliding_window", false))
        {
            throw new ModelFormatException(
                $"{json.Where}: 'use_sliding_window' is true, which is not supported; no published Qwen2.5-VL uses it. Set it to false.");
        }

        if (json.Has("layer_types") && json.Texts("layer_types").FirstOrDefault(type => type != "full_attention") is { } other)
        {
            throw new ModelFormatException($"{json.Where}: 'layer_types' holds '{other}'; supported: full_attention.");
        }
    }
}
