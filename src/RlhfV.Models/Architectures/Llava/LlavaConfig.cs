using System.Text.Json;
using RlhfV.Models.Modules;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>Sizes of a LLaVA-1.5 model, as <c>config.json</c> of the Hugging Face layout gives them.</summary>
public sealed record LlavaConfig
{
    /// <summary>The vision tower.</summary>
    public required ClipVisionConfig Vision { get; init; }

    /// <summary>The decoder.</summary>
    public required DecoderConfig Text { get; init; }

    /// <summary>Which tower layer's output is used, counted in [embeddings, layer 1, .., layer L]; -2 is the last but one. Default -2.</summary>
    public int FeatureLayer { get; init; } = -2;

    /// <summary>Whether the class token is dropped (<c>default</c>) or kept (<c>full</c>). Default true.</summary>
    public bool DropClassToken { get; init; } = true;

    /// <summary>Whether the projector has biases. Default true.</summary>
    public bool ProjectorBias { get; init; } = true;

    /// <summary>Id of the image token.</summary>
    public required long ImageTokenId { get; init; }

    /// <summary>LLaVA-1.5-7B in the Hugging Face layout: CLIP ViT-L/14 at 336 pixels, Vicuna 7B with 64 more rows.</summary>
    public static LlavaConfig V15With7B { get; } = new()
    {
        Vision = ClipVisionConfig.ViTLarge14At336,
        Text = DecoderConfig.Vicuna7B with { VocabularySize = 32064 },
        ImageTokenId = 32000,
    };

    /// <summary>LLaVA-1.5-13B in the Hugging Face layout.</summary>
    public static LlavaConfig V15With13B { get; } = V15With7B with { Text = DecoderConfig.Vicuna13B with { VocabularySize = 32064 } };

    /// <summary>Reads the configuration, filling in the defaults that published files leave out.</summary>
    /// <param name="root">The content of <c>config.json</c>.</param>
    /// <exception cref="ModelFormatException">A value is missing or of the wrong kind, or names something this family does not have.</exception>
    public static LlavaConfig Read(JsonElement root) => Read(new ConfigReader(root, "config.json"));

    internal static LlavaConfig Read(ConfigReader json)
    {
        ConfigReader vision = json.Object("vision_config");
        ConfigReader text = json.Object("text_config");
        vision.RequireOneOf("model_type", "clip_vision_model", ["clip_vision_model"]);
        text.RequireOneOf("model_type", "llama", ["llama"]);
        json.RequireOneOf("projector_hidden_act", "gelu", ["gelu"]);
        string strategy = json.RequireOneOf("vision_feature_select_strategy", "default", ["default", "full"]);
        return new LlavaConfig
        {
            Vision = ClipVisionConfig.Read(vision),
            Text = LlamaConfigReader.Read(text, json),
            FeatureLayer = (int)json.Integer("vision_feature_layer", -2),
            DropClassToken = strategy == "default",
            ProjectorBias = json.Boolean("multimodal_projector_bias", true),
            ImageTokenId = json.Integer("image_token_index", json.Integer("image_token_id", 32000)),
        };
    }
}
