using System.Text;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>LLaVA-1.5 in the Hugging Face layout.</summary>
internal static class LlavaFamily
{
    private const string ImageToken = "<image>";
    private const string Tower = "vision_tower.";
    private const string TowerInside = Tower + "vision_model.";

    public static ModelFamily Instance { get; } = new(
        "llava",
        config => new LlavaNetwork(LlavaConfig.Read(config.Json)),
        CreateProcessor,
        MapTensorName);

    private static VisionLanguageProcessor CreateProcessor(ModelParts parts)
    {
        (string folder, ConfigReader json) = (parts.Folder, parts.Config);
        LlavaConfig config = LlavaConfig.Read(json.Json);
        TextTokenizer tokenizer = TextTokenizer.Load(folder);
        if (tokenizer.TokenId(ImageToken) != config.ImageTokenId)
        {
            throw new ModelFormatException(
                $"'{folder}': the tokenizer gives '{ImageToken}' the id {tokenizer.TokenId(ImageToken)?.ToString() ?? "none"}, "
                + $"config.json names {config.ImageTokenId} as image token.");
        }

        long features = config.Vision.Patches + (config.DropClassToken ? 0 : 1);
        string placeholder = new StringBuilder().Insert(0, ImageToken, (int)features).ToString();
        return new VisionLanguageProcessor(
            tokenizer, ImageProcessor.Load(folder, "llava"), ChatTemplate.Llava, ImageToken, _ => placeholder, "</s>");
    }

    // Old exports carry buffers that are computed, not learned; those of transformers 5 name the tower's parts without the level between.
    private static string? MapTensorName(string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || name.EndsWith(".position_ids", StringComparison.Ordinal) ? null
        : name.StartsWith(Tower, StringComparison.Ordinal) && !name.StartsWith(TowerInside, StringComparison.Ordinal)
            ? TowerInside + name[Tower.Length..]
        : name;
}
