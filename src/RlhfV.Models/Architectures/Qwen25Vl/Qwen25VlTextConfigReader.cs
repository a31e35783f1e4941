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
        long hidden = json.Size("hidden_size", 8192);
        long heads = json.Size("num_attention_heads", 64);
        if (!json.Has("head_dim"))
        {
            json.RequireDivides("num_attention_heads", heads, "hidden_size", hidden);
        }

        long headSize = json.Size("head_dim", hidden / heads);
        ConfigReader? rotary = Rotary(json) ?? Rotary(outer);
        double theta = json.Number("rope_theta", 1_000_000);
        var config = new DecoderConfig
        {
            VocabularySize = json.Size("vocab_size", outer.Size("vocab_size", 152064)),
            HiddenSize = hidden,
            FeedForwardSize = json.Size("intermediate_size", 29568),
            Layers = (int)json.Size("num_hidden_layers", 80),
            Heads = heads,
            KeyValueHeads = json.Size("num_key_value_heads", heads),
            HeadSize = headSize,
            NormEpsilon = json.Number("rms_norm_eps", 1e-5),
            RotaryTheta = rotary?.Number("rope_theta", theta) ?? theta,
            RotarySections = Sections(rotary ?? json, headSize),
            MaxPositions = (int)json.Size("max_position_embeddings", 32768),
            AttentionBias = true,
            TiedHead = json.Boolean("tie_word_embeddings", outer.Boolean("tie_word_embeddings", false)),
        };
        json.RequireDivides("num_key_value_heads", config.KeyValueHeads, "num_attention_heads", heads);
        return config;
    }

    private static IReadOnlyList<int> Sections(ConfigReader json, long headSize)
    {
        IReadOnlyList<long> sections = json.Integers("mrope_section", [16, 24, 24]);
        return sections.Count == 3 && sections.All(section => section >= 0 && section <= headSize) && 2 * sections.Sum() == headSize
            ? [.. sections.Select(section => (int)section)]
            : throw new ModelFormatException(
                $"{json.Where}: 'mrope_section' is [{string.Join(", ", sections)}]; "
                + $"expected three numbers that add up to half the head's width of {headSize}.");
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
