using RlhfV.Models.Modules;

namespace RlhfV.Models.Architectures;

/// <summary>Reads the decoder's sizes; families that carry a Llama decoder share it.</summary>
internal static class LlamaConfigReader
{
    /// <summary>Reads a Llama configuration; absent keys take the values of the 7B model, which published files leave out.</summary>
    /// <param name="json">The <c>text_config</c> object.</param>
    /// <param name="outer">The whole configuration, which may carry keys that belong to the text part.</param>
    public static DecoderConfig Read(ConfigReader json, ConfigReader outer)
    {
        json.RequireOneOf("hidden_act", "silu", ["silu"]);
        long hidden = json.Size("hidden_size", 4096);
        long heads = json.Size("num_attention_heads", 32);
        ConfigReader rope = json.Has("rope_parameters") ? json.Object("rope_parameters") : json;
        var config = new DecoderConfig
        {
            VocabularySize = json.Size("vocab_size", outer.Size("vocab_size", 32000)),
            HiddenSize = hidden,
            FeedForwardSize = json.Size("intermediate_size", 11008),
            Layers = (int)json.Size("num_hidden_layers", 32),
            Heads = heads,
            KeyValueHeads = json.Size("num_key_value_heads", heads),
            HeadSize = HeadSize(json, hidden, heads),
            NormEpsilon = json.Number("rms_norm_eps", 1e-6),
            RotaryTheta = rope.Number("rope_theta", 10000),
            RotaryScaling = Scaling(json),
            MaxPositions = (int)json.Size("max_position_embeddings", 2048),
            AttentionBias = json.Boolean("attention_bias", false),
            TiedHead = json.Boolean("tie_word_embeddings", outer.Boolean("tie_word_embeddings", false)),
        };
        json.RequireDivides("num_key_value_heads", config.KeyValueHeads, "num_attention_heads", heads);
        return config;
    }

    private static long HeadSize(ConfigReader json, long hidden, long heads)
    {
        if (!json.Has("head_dim"))
        {
            json.RequireDivides("num_attention_heads", heads, "hidden_size", hidden);
        }

        long size = json.Size("head_dim", hidden / heads);
        return size % 2 == 0
            ? size
            : throw new ModelFormatException(
                $"{json.Where}: a head is {size} wide ('head_dim', or 'hidden_size' by 'num_attention_heads'); expected an even number, for "
                + "rotary positions turn pairs.");
    }

    private static Llama3RotaryScaling? Scaling(ConfigReader json)
    {
        string? key = Array.Find(["rope_scaling", "rope_parameters"], json.Has);
        if (key is null)
        {
            return null;
        }

        ConfigReader rope = json.Object(key);
        string type = rope.Has("rope_type") ? "rope_type" : "type"; // files of before 2024
        return rope.RequireOneOf(type, "default", ["default", "llama3"]) == "default"
            ? null
            : new Llama3RotaryScaling
            {
                Factor = rope.Number("factor", 8),
                LowFrequencyFactor = rope.Number("low_freq_factor", 1),
                HighFrequencyFactor = rope.Number("high_freq_factor", 4),
                OriginalMaxPositions = rope.Number("original_max_position_embeddings", 8192),
            };
    }
}
