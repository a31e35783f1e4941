using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>Muffin in the layout of the RLHF-V checkpoints.</summary>
internal static class MuffinFamily
{
    private const string ModelType = "beit3_llava";
    private const string ImagePatch = "<im_patch>";
    private const string Separator = "###";

    public static ModelFamily Instance { get; } = new(
        ModelType,
        config => new MuffinNetwork(MuffinConfig.Read(config)),
        CreateProcessor,
        MapTensorName)
    {
        AdaptWeights = (stored, config) => ResizedPositions.For(stored, MuffinConfig.Read(config).Vision),
    };

    private static VisionLanguageProcessor CreateProcessor(ModelParts parts)
    {
        string folder = parts.Folder;
        MuffinConfig config = MuffinConfig.Read(parts.Config);
        TextTokenizer tokenizer = TextTokenizer.Load(folder, new TextTokenizerOptions { Source = TokenizerSource.SentencePiece });
        RequireTokens(folder, tokenizer, config);
        var rows = new MuffinAnswerEncoder(tokenizer, (int)config.Queries);
        return new VisionLanguageProcessor(
            tokenizer, LoadImages(folder, config), ChatTemplate.MuffinEvaluation, ChatTemplate.MuffinEvaluation.ImageMarker!, _ => rows.Placeholder, Separator)
        {
            StopStrings = [Separator],
            AnswerPrefix = "Assistant:",
            EncodeRow = rows.Encode,
        };
    }

    private static void RequireTokens(string folder, TextTokenizer tokenizer, MuffinConfig config)
    {
        string[] missing = [.. ((string[])["[PAD]", ImagePatch, "<im_start>", "<im_end>"]).Where(token => tokenizer.TokenId(token) is null)];
        if (missing.Length > 0)
        {
            throw new ModelFormatException(
                $"'{folder}': the tokenizer lacks {string.Join(", ", missing)}. Put the checkpoint's added_tokens.json beside its tokenizer.model.");
        }

        if (tokenizer.TokenId(ImagePatch) != config.ImageTokenId)
        {
            throw new ModelFormatException(
                $"'{folder}': the tokenizer gives '{ImagePatch}' the id {tokenizer.TokenId(ImagePatch)}, expected {config.ImageTokenId}. "
                + "Take the tokenizer of this checkpoint, or name the id in config.json as 'image_token_index'.");
        }
    }

    private static ImageProcessor LoadImages(string folder, MuffinConfig config)
    {
        ImageProcessor images = ImageProcessor.Load(folder, ModelType);
        return images is MuffinImageProcessor { Edge: var edge } && edge == config.Vision.ImageSize
            ? images
            : throw new ModelFormatException(
                $"'{folder}': {ImageProcessor.FileName} asks for {images.GetType().Name}"
                + (images is MuffinImageProcessor own ? $" with {own.Edge} pixels" : string.Empty)
                + $", expected {nameof(MuffinImageProcessor)} with {config.Vision.ImageSize} pixels, as 'mm_vision_tower' of config.json says. "
                + $"Remove {ImageProcessor.FileName}, or make both agree.");
    }

    // Exports of 2023 carry a buffer that is computed, and may carry the parts of BEiT-3 that read text and mask patches.
    private static string? MapTensorName(string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || name.StartsWith("model.vision_tower.beit3.text_embed.", StringComparison.Ordinal)
        || name == "model.vision_tower.beit3.vision_embed.mask_token"
            ? null
            : name;
}
