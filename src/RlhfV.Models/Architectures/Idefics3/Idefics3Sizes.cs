using RlhfV.Models.Modules;

namespace RlhfV.Models.Architectures.Idefics3;

/// <summary>The sizes of published models.</summary>
public static class Idefics3Sizes
{
    /// <summary>SmolVLM-256M-Instruct and SmolVLM2-256M-Video-Instruct: 256,484,928 parameters, 64 image tokens per frame.</summary>
    public static Idefics3Config SmolVlm256M { get; } = new()
    {
        Vision = SiglipBase512,
        Text = SmolLm2(hidden: 576, feedForward: 1536, layers: 30, heads: 9, keyValueHeads: 3),
        ScaleFactor = 4,
        ImageTokenId = 49190,
    };

    /// <summary>SmolVLM-500M-Instruct and SmolVLM2-500M-Video-Instruct: 507,482,304 parameters, 64 image tokens per frame.</summary>
    public static Idefics3Config SmolVlm500M { get; } = new()
    {
        Vision = SiglipBase512,
        Text = SmolLm2(hidden: 960, feedForward: 2560, layers: 32, heads: 15, keyValueHeads: 5),
        ScaleFactor = 4,
        ImageTokenId = 49190,
    };

    /// <summary>SmolVLM-Instruct: 2,246,272,880 parameters, 81 image tokens per frame.</summary>
    public static Idefics3Config SmolVlmInstruct { get; } = new()
    {
        Vision = SiglipLarge384,
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
        Vision = SiglipLarge384,
        Text = SmolLm2(hidden: 2048, feedForward: 8192, layers: 24, heads: 32, keyValueHeads: 32) with { RotaryTheta = 130000 },
        ScaleFactor = 3,
        ImageTokenId = 49190,
    };

    private static SiglipVisionConfig SiglipBase512 => new()
    {
        ImageSize = 512,
        PatchSize = 16,
        HiddenSize = 768,
        FeedForwardSize = 3072,
        Layers = 12,
        Heads = 12,
    };

    private static SiglipVisionConfig SiglipLarge384 => new()
    {
        ImageSize = 384,
        PatchSize = 14,
        HiddenSize = 1152,
        FeedForwardSize = 4304,
        Layers = 27,
        Heads = 16,
    };

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
