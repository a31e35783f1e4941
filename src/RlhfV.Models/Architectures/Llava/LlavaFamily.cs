using System.Text;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>LLaVA-1.5 in the Hugging Face layout.</summary>
internal static class LlavaFamily
{
    private const string ImageToken = "<image>";

    public static ModelFamily Instance { get; } = new(
        "llava",
        config => new LlavaNetwork(LlavaConfig.Read(config)),
        CreateProcessor,
        MapTensorName);

    private static VisionLanguageProcessor CreateProcessor(ModelParts parts)
    {
        (string folder, ConfigReader json) = (parts.Folder, parts.Config);
        LlavaConfig config = LlavaConfig.Read(json);
        TextTokenizer tokenizer = TextTokenizer.Load(folder);
        if (tokenizer.TokenId(ImageToken) != config.ImageTokenId)
        {
            throw new ModelFormatException(
                $"'{folder}': the tokenizer gives '{ImageToken}' the id {tokenizer.TokenId(ImageToken)?.ToString() ?? "none"}, "
                + $"config.json names {config.ImageTokenId} as image token. Take the tokenizer of this model.");
        }

        long features = config.Vision.Patches + (config.DropClassToken ? 0 : 1);
        string placeholder = new StringBuilder().Insert(0, ImageToken, (int)features).ToString();
        return new VisionLanguageProcessor(
            tokenizer, LlavaPictures.Load(folder, config.Vision), ChatTemplate.Llava, ImageToken, _ => placeholder, "</s>");
    }

    // Old exports carry buffers that are computed, not learned. Files written by transformers 5 may name parts as its module tree does:
    // "model." in front of everything but the head, and the tower without the level between.
    private static string? MapTensorName(string name)
    {
        if (name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || name.EndsWith(".position_ids", StringComparison.Ordinal))
        {
            return null;
        }

        name = name.StartsWith("model.", StringComparison.Ordinal) ? name["model.".Length..] : name;
        name = name.StartsWith("lm_head.", StringComparison.Ordinal) ? "language_model." + name : name;
        return Inside(Inside(name, "vision_tower.", "vision_model."), "language_model.", "model.", "lm_head.");
    }

    /// <summary>Puts the first of the levels into a part's name where none of them follows.</summary>
    private static string Inside(string name, string part, params string[] levels) =>
        name.StartsWith(part, StringComparison.Ordinal)
        && !Array.Exists(levels, level => name.AsSpan(part.Length).StartsWith(level, StringComparison.Ordinal))
            ? part + levels[0] + name[part.Length..]
            : name;
}
