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

    /// <summary>Image tokens of one frame.</summary>
    public long TokensPerFrame => Vision.Patches / (ScaleFactor * ScaleFactor);

    /// <summary>Reads the configuration, filling in the defaults that published files leave out.</summary>
    /// <param name="root">The content of <c>config.json</c>.</param>
    /// <exception cref="ModelFormatException">A value is missing or of the wrong kind, or names something this family does not have.</exception>
    public static Idefics3Config Read(JsonElement root)
    {
        var json = new ConfigReader(root, "config.json");
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
}
