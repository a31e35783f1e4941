using System.Text.Json;
using RlhfV.Models.Modules;

namespace RlhfV.Models.Architectures.Idefics3;

/// <summary>Sizes of an Idefics3 or SmolVLM model, as <c>config.json</c> gives them.</summary>
public sealed record Idefics3Config
{
    /// <summary>The vision tower.</summary>
    public required SiglipVisionConfig Vision { get; init; }

    /// <summary>The decoder.</summary>
    public required DecoderConfig Text { get; init; }

    /// <summary>Rows and columns of patches that one image token stands for; divides the tower's patches per side.</summary>
    public required long ScaleFactor { get; init; }

    /// <summary>Id of the image token.</summary>
    public required long ImageTokenId { get; init; }

    /// <summary>SmolVLM-256M-Instruct and SmolVLM2-256M-Video-Instruct: 256,484,928 parameters, 64 image tokens per frame.</summary>
    public static Idefics3Config SmolVlm256M { get; } = new()
    {
        Vision = SiglipVisionConfig.Base16At512,
        Text = SmolLm2(hidden: 576, feedForward: 1536, layers: 30, heads: 9, keyValueHeads: 3),
        ScaleFactor = 4,
        ImageTokenId = 49190,
    };

    /// <summary>SmolVLM-500M-Instruct and SmolVLM2-500M-Video-Instruct: 507,482,304 parameters, 64 image tokens per frame.</summary>
    public static Idefics3Config SmolVlm500M { get; } = new()
    {
        Vision = SiglipVisionConfig.Base16At512,
        Text = SmolLm2(hidden: 960, feedForward: 2560, layers: 32, heads: 15, keyValueHeads: 5),
        ScaleFactor = 4,
        ImageTokenId = 49190,
    };

    /// <summary>SmolVLM-Instruct: 2,246,272,880 parameters, 81 image tokens per frame.</summary>
    public static Idefics3Config SmolVlmInstruct { get; } = new()
    {
        Vision = SiglipVisionConfig.So400M14At384,
        Text = SmolLm2(hidden: 2048, feedForward: 8192, layers: 24, heads: 32, keyValueHeads: 32) with
        {
            VocabularySize = 49155,
            RotaryTheta = 273768,
            MaxPositions = 16384,
        },
        ScaleFactor = 3,
        ImageTokenId = 49153,
    };

    /// <summary>SmolVLM2-2.2B-Instruct: 2,246,784,880 parameters, 81 image tokens per frame.</summary>
    public static Idefics3Config SmolVlm2Instruct { get; } = new()
    {
        Vision = SiglipVisionConfig.So400M14At384,
        Text = SmolLm2(hidden: 2048, feedForward: 8192, layers: 24, heads: 32, keyValueHeads: 32) with { RotaryTheta = 130000 },
        ScaleFactor = 3,
        ImageTokenId = 49190,
    };

    /// <summary>Image tokens of one frame.</summary>
    public long TokensPerFrame => Vision.Patches / (ScaleFactor * ScaleFactor);

    /// <summary>Reads the configuration, filling in the defaults that published files leave out.</summary>
    /// <param name="root">The content of <c>config.json</c>.</param>
    /// <exception cref="ModelFormatException">A value is missing or of the wrong kind, or names something this family does not have.</exception>
    public static Idefics3Config Read(JsonElement root) => Read(new ConfigReader(root, "config.json"));

    internal static Idefics3Config Read(ConfigReader json)
    {
        ConfigReader text = json.Object("text_config");
        text.RequireOneOf("model_type", "llama", ["llama"]);
        DecoderConfig decoder = LlamaConfigReader.Read(text, json);
        var config = new Idefics3Config
        {
            Vision = SiglipVisionConfig.Read(json.Object("vision_config")),

            // Here the outer key decides: published files write it there, and the reference ties by it.
            Text = decoder with { TiedHead = json.Boolean("tie_word_embeddings", decoder.TiedHead) },
            ScaleFactor = json.Integer("scale_factor", 2),
            ImageTokenId = json.Integer("image_token_id", 128257),
        };
        json.RequireDivides("scale_factor", config.ScaleFactor, "image_size / patch_size", config.Vision.Side);
        return config;
    }

    private static DecoderConfig SmolLm2(long hidden, long feedForward, int layers, long heads, long keyValueHeads) => new()
    {
        VocabularySize = 49280,
        HiddenSize = hidden,
        FeedForwardSize = feedForward,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        HeadSize = 64,
        NormEpsilon = 1e-5,
        RotaryTheta = 100000,
        MaxPositions = 8192,
    };
}
