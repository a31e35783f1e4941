using System.Text;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>
/// LLaVA-1.5 as its own code publishes it, and RLAIF-V after it: a flat configuration with <c>mm_*</c> keys, tensors named
/// <c>model.mm_projector.*</c>, a vision tower that may be a download of its own, no image token in the vocabulary.
/// </summary>
internal static class LlavaOriginalFamily
{
    private const string ImageToken = "<image>";
    private const string AspectRatio = "image_aspect_ratio";

    // Network name to stored name.
    private static readonly (string Network, string Stored)[] Prefixes =
    [
        ("language_model.model.", "model."),
        ("language_model.lm_head.", "lm_head."),
        ("multi_modal_projector.linear_1.", "model.mm_projector.0."),
        ("multi_modal_projector.linear_2.", "model.mm_projector.2."),
        ("vision_tower.", "model.vision_tower.vision_tower."),
    ];

    public static ModelFamily Instance { get; } = new("llava_llama", config => new LlavaNetwork(Read(config)), CreateProcessor, NetworkName)
    {
        Recognizes = config => config.Text("model_type", string.Empty) is "llava" or "llava_llama" && config.Has("mm_vision_tower") && !config.Has("text_config"),
        Gather = (parts, options) => LlavaVisionTower.Gather(parts, options),
        SavedName = SavedName,
    };

    private static LlavaConfig Read(ConfigReader json)
    {
        json.RequireOneOf("mm_projector_type", "mlp2x_gelu", ["mlp2x_gelu"]);
        string feature = json.RequireOneOf("mm_vision_select_feature", "patch", ["patch", "cls_patch"]);
        if (json.Boolean("mm_use_im_start_end", false))
        {
            throw new ModelFormatException(
                $"{json.Where}: 'mm_use_im_start_end' is true; supported: false, as all LLaVA-1.5 checkpoints have it.");
        }

        Modules.DecoderConfig text = LlamaConfigReader.Read(json, json);
        return new LlavaConfig
        {
            Vision = ClipVisionConfig.Read(json.Object("vision_config")),
            Text = text,
            FeatureLayer = (int)json.Integer("mm_vision_select_layer", -2),
            DropClassToken = feature == "patch",
            ImageTokenId = text.VocabularySize,
        };
    }

    private static VisionLanguageProcessor CreateProcessor(ModelParts parts)
    {
        LlavaConfig config = Read(parts.Config);
        TextTokenizer tokenizer = TextTokenizer.Load(parts.Folder, new TextTokenizerOptions { Placeholders = [ImageToken] });
        if (tokenizer.TokenId(ImageToken) != config.ImageTokenId)
        {
            throw new ModelFormatException(
                $"'{parts.Folder}': the tokenizer has {tokenizer.TokenId(ImageToken)} tokens besides '{ImageToken}', "
                + $"config.json names {config.Text.VocabularySize} as 'vocab_size'; expected equal numbers. Take the tokenizer of this model.");
        }

        long features = config.Vision.Patches + (config.DropClassToken ? 0 : 1);
        string placeholder = new StringBuilder().Insert(0, ImageToken, (int)features).ToString();
        return new VisionLanguageProcessor(
            tokenizer, Pictures(parts, config), ChatTemplate.VicunaV1, ImageToken, _ => placeholder, "</s>");
    }

    private static ClipImageProcessor Pictures(ModelParts parts, LlavaConfig config)
    {
        int side = (int)config.Vision.ImageSize;
        string? holder = Array.Find([parts.Folder, parts.TowerFolder], f => f is not null && File.Exists(Path.Combine(f, ImageProcessor.FileName)));
        ClipImageProcessorOptions options = holder is null
            ? new ClipImageProcessorOptions { ShortestEdge = side, CropSize = new ImageSize(side, side) }
            : LlavaPictures.Load(holder, config.Vision).Options;
        bool pad = parts.Config.RequireOneOf(AspectRatio, "square", ["pad", "square"]) == "pad";
        return new ClipImageProcessor(options with { PadToSquare = pad });
    }

    private static string? NetworkName(string stored)
    {
        if (stored.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || stored.EndsWith(".position_ids", StringComparison.Ordinal))
        {
            return null; // computed, not learned
        }

        // "model." fits all of them; the longest is meant.
        (string network, string prefix) = Prefixes
            .Where(p => stored.StartsWith(p.Stored, StringComparison.Ordinal)).OrderByDescending(p => p.Stored.Length).FirstOrDefault();
        return prefix is not null ? network + stored[prefix.Length..] : LlavaVisionTower.NetworkName(stored);
    }

    private static string SavedName(string name)
    {
        (string network, string stored) = Array.Find(Prefixes, p => name.StartsWith(p.Network, StringComparison.Ordinal));
        return network is null ? name : stored + name[network.Length..];
    }
}
