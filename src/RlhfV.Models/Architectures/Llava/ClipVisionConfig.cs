using System.Text.Json;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>Sizes of a CLIP vision tower.</summary>
public sealed record ClipVisionConfig
{
    /// <summary>Side of the square input, pixels.</summary>
    public required long ImageSize { get; init; }

    /// <summary>Side of a patch, pixels; divides <see cref="ImageSize"/>.</summary>
    public required long PatchSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required long HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward block.</summary>
    public required long FeedForwardSize { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public required long Heads { get; init; }

    /// <summary>Epsilon of the layer norms. Default 1e-5.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Activation: <c>quick_gelu</c> (x * sigmoid(1.702 x)) or <c>gelu</c>. Default <c>quick_gelu</c>.</summary>
    public string Activation { get; init; } = "quick_gelu";

    /// <summary>CLIP ViT-L/14 at 224 pixels.</summary>
    public static ClipVisionConfig ViTLarge14 { get; } = new()
    {
        ImageSize = 224,
        PatchSize = 14,
        HiddenSize = 1024,
        FeedForwardSize = 4096,
        Layers = 24,
        Heads = 16,
    };

    /// <summary>CLIP ViT-L/14 at 336 pixels, the tower of LLaVA-1.5.</summary>
    public static ClipVisionConfig ViTLarge14At336 { get; } = ViTLarge14 with { ImageSize = 336 };

    /// <summary>Number of patches of one picture.</summary>
    public long Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    internal JsonElement ToJson() => JsonSerializer.SerializeToElement(new Dictionary<string, object>
    {
        ["model_type"] = "clip_vision_model",
        ["image_size"] = ImageSize,
        ["patch_size"] = PatchSize,
        ["hidden_size"] = HiddenSize,
        ["intermediate_size"] = FeedForwardSize,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["layer_norm_eps"] = NormEpsilon,
        ["hidden_act"] = Activation,
    });

    internal static ClipVisionConfig Read(ConfigReader json)
    {
        var config = new ClipVisionConfig
        {
            ImageSize = json.Integer("image_size", 224),
            PatchSize = json.Integer("patch_size", 32),
            HiddenSize = json.Integer("hidden_size", 768),
            FeedForwardSize = json.Integer("intermediate_size", 3072),
            Layers = (int)json.Integer("num_hidden_layers", 12),
            Heads = json.Integer("num_attention_heads", 12),
            NormEpsilon = json.Number("layer_norm_eps", 1e-5),
            Activation = json.RequireOneOf("hidden_act", "quick_gelu", ["quick_gelu", "gelu"]),
        };
        json.RequireDivides("patch_size", config.PatchSize, "image_size", config.ImageSize);
        json.RequireDivides("num_attention_heads", config.Heads, "hidden_size", config.HiddenSize);
        return config;
    }
}
