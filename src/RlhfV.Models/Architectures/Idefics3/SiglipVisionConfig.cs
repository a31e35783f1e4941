namespace RlhfV.Models.Architectures.Idefics3;

/// <summary>Sizes of a SigLIP vision tower.</summary>
public sealed record SiglipVisionConfig
{
    /// <summary>Side of the square input, pixels.</summary>
    public required long ImageSize { get; init; }

    /// <summary>Side of a patch, pixels; what is left of <see cref="ImageSize"/> at the right and at the bottom is not seen.</summary>
    public required long PatchSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required long HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward block.</summary>
    public required long FeedForwardSize { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public required long Heads { get; init; }

    /// <summary>Epsilon of the layer norms. Default 1e-6.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>SigLIP base, patches of 16, at 512 pixels: the tower of the small SmolVLM models.</summary>
    public static SiglipVisionConfig Base16At512 { get; } = new()
    {
        ImageSize = 512,
        PatchSize = 16,
        HiddenSize = 768,
        FeedForwardSize = 3072,
        Layers = 12,
        Heads = 12,
    };

    /// <summary>SigLIP SO400M, patches of 14, at 384 pixels: the tower of SmolVLM-Instruct.</summary>
    public static SiglipVisionConfig So400M14At384 { get; } = new()
    {
        ImageSize = 384,
        PatchSize = 14,
        HiddenSize = 1152,
        FeedForwardSize = 4304,
        Layers = 27,
        Heads = 16,
    };

    /// <summary>Patches in a row, and in a column.</summary>
    public long Side => ImageSize / PatchSize;

    /// <summary>Number of patches of one frame.</summary>
    public long Patches => Side * Side;

    internal static SiglipVisionConfig Read(ConfigReader json)
    {
        json.RequireOneOf("hidden_act", "gelu_pytorch_tanh", ["gelu_pytorch_tanh"]);
        var config = new SiglipVisionConfig
        {
            ImageSize = json.Integer("image_size", 224),
            PatchSize = json.Integer("patch_size", 32),
            HiddenSize = json.Integer("hidden_size", 1152),
            FeedForwardSize = json.Integer("intermediate_size", 3072),
            Layers = (int)json.Integer("num_hidden_layers", 12),
            Heads = json.Integer("num_attention_heads", 16),
            NormEpsilon = json.Number("layer_norm_eps", 1e-6),
        };
        json.RequireDivides("num_attention_heads", config.Heads, "hidden_size", config.HiddenSize);
        if (config.PatchSize < 1 || config.PatchSize > config.ImageSize)
        {
            throw new ModelFormatException(
                $"{json.Where}: 'patch_size' is {config.PatchSize}; expected 1 to 'image_size' ({config.ImageSize}).");
        }

        if (json.Integer("num_channels", 3) != 3)
        {
            throw new ModelFormatException($"{json.Where}: 'num_channels' is {json.Integer("num_channels", 3)}; expected 3.");
        }

        return config;
    }
}
