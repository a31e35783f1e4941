using System.Text;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>Qwen2.5-VL, with the tensor names of its publication and those that transformers writes since release 4.52.</summary>
internal static class Qwen25VlFamily
{
    private const string ImageToken = "<|image_pad|>";
    private const string EndOfTurn = "<|im_end|>";
    private const string PublishedTower = "visual.";
    private const string PublishedDecoder = "model.";

    public static ModelFamily Instance { get; } = new(
        "qwen2_5_vl",
        config => new Qwen25VlNetwork(Qwen25VlConfig.Read(config)),
        CreateProcessor,
        MapTensorName)
    {
        SavedName = SavedName,
    };

    private static VisionLanguageProcessor CreateProcessor(ModelParts parts)
    {
        string folder = parts.Folder;
        Qwen25VlConfig config = Qwen25VlConfig.Read(parts.Config);
        TextTokenizer tokenizer = TextTokenizer.Load(folder);
        if (tokenizer.TokenId(ImageToken) != config.ImageTokenId)
        {
            throw new ModelFormatException(
                $"'{folder}': the tokenizer gives '{ImageToken}' the id {tokenizer.TokenId(ImageToken)?.ToString() ?? "none"}, "
                + $"config.json names {config.ImageTokenId} as image token.");
        }

        int merge = config.Vision.MergeSize;
        return new VisionLanguageProcessor(
            tokenizer, LoadImageProcessor(folder, config.Vision), ChatTemplate.Qwen25Vl, ImageToken,
            image => new StringBuilder().Insert(0, ImageToken, image.Grid.Rows / merge * (image.Grid.Columns / merge)).ToString(), EndOfTurn)
        {
            Locate = (ids, images) => MultimodalPositions.Of(ids, images, config.ImageTokenId, merge),
        };
    }

    private static Qwen2VlImageProcessor LoadImageProcessor(string folder, Qwen25VlVisionConfig tower)
    {
        ImageProcessor loaded = ImageProcessor.Load(folder, "qwen2_5_vl");
        return loaded is Qwen2VlImageProcessor { Options: { } options } processor
            && (options.PatchSize, options.TemporalPatchSize, options.MergeSize) == (tower.PatchSize, tower.TemporalPatchSize, tower.MergeSize)
            ? processor
            : throw new ModelFormatException(
                $"'{folder}': the image processor's settings do not fit config.json; expected a Qwen2VLImageProcessor with patch_size {tower.PatchSize}, "
                + $"temporal_patch_size {tower.TemporalPatchSize} and merge_size {tower.MergeSize}.");
    }

    private static string? MapTensorName(string name)
    {
        // Old exports carry buffers that are computed, not learned.
        if (name.EndsWith(".inv_freq", StringComparison.Ordinal))
        {
            return null;
        }

        // model.layers.. is the published name of the decoder, model.visual.. and model.language_model.. are names of the newer tree.
        return name.StartsWith(PublishedTower, StringComparison.Ordinal) ? Qwen25VlNetwork.TowerName + name[PublishedTower.Length..]
            : !name.StartsWith(PublishedDecoder, StringComparison.Ordinal)
                || name.StartsWith(Qwen25VlNetwork.TowerName, StringComparison.Ordinal)
                || name.StartsWith(Qwen25VlNetwork.DecoderName, StringComparison.Ordinal) ? name
            : Qwen25VlNetwork.DecoderName + name[PublishedDecoder.Length..];
    }

    /// <summary>The published name, which every release of transformers reads.</summary>
    private static string SavedName(string name) =>
        name.StartsWith(Qwen25VlNetwork.TowerName, StringComparison.Ordinal) ? PublishedTower + name[Qwen25VlNetwork.TowerName.Length..]
        : name.StartsWith(Qwen25VlNetwork.DecoderName, StringComparison.Ordinal) ? PublishedDecoder + name[Qwen25VlNetwork.DecoderName.Length..]
        : name;
}
