using System.Text;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Idefics3;

/// <summary>
/// Idefics3 and SmolVLM: one architecture under two names. SmolVLM-256M, -500M and -Instruct call themselves <c>idefics3</c>, the SmolVLM2
/// models <c>smolvlm</c>.
/// </summary>
internal static class Idefics3Family
{
    private const string ImageToken = "<image>";
    private const string Around = "<fake_token_around_image>";

    public static ModelFamily Idefics3 { get; } = Named("idefics3");

    public static ModelFamily SmolVlm { get; } = Named("smolvlm");

    /// <summary>What stands for a picture: every tile under its row and column, then the whole picture.</summary>
    /// <param name="grid">How the picture was divided.</param>
    /// <param name="tokensPerFrame">Image tokens of one frame.</param>
    public static string Placeholder(ImageGrid grid, int tokensPerFrame)
    {
        var text = new StringBuilder();
        for (int row = 1; row <= grid.Rows; row++)
        {
            for (int column = 1; column <= grid.Columns; column++)
            {
                text.Append(Around).Append($"<row_{row}_col_{column}>").Insert(text.Length, ImageToken, tokensPerFrame);
            }

            text.Append('\n');
        }

        if (grid.Rows > 0)
        {
            text.Append('\n');
        }

        text.Append(Around).Append("<global-img>").Insert(text.Length, ImageToken, tokensPerFrame);
        return text.Append(Around).ToString();
    }

    private static ModelFamily Named(string modelType) => new(
        modelType,
        config => new Idefics3Network(Idefics3Config.Read(config)),
        parts => CreateProcessor(modelType, parts.Folder, parts.Config),
        MapTensorName);

    private static VisionLanguageProcessor CreateProcessor(string modelType, string folder, ConfigReader json)
    {
        Idefics3Config config = Idefics3Config.Read(json);
        TextTokenizer tokenizer = TextTokenizer.Load(folder);
        if (tokenizer.TokenId(ImageToken) != config.ImageTokenId)
        {
            throw new ModelFormatException(
                $"'{folder}': the tokenizer gives '{ImageToken}' the id {tokenizer.TokenId(ImageToken)?.ToString() ?? "none"}, "
                + $"config.json names {config.ImageTokenId} as image token. Take the tokenizer of this model.");
        }

        ImageProcessor images = ImageProcessor.Load(folder, modelType);
        if (images is not Idefics3ImageProcessor { Options.TileEdge: var edge })
        {
            throw new ModelFormatException(
                $"'{folder}': the image preprocessing is a {images.GetType().Name}; expected Idefics3ImageProcessor or SmolVLMImageProcessor.");
        }

        if (edge != config.Vision.ImageSize)
        {
            throw new ModelFormatException(
                $"'{folder}': 'max_image_size' of the image preprocessing is {edge}, 'image_size' of the vision tower {config.Vision.ImageSize}; "
                + "expected the same.");
        }

        string begin = tokenizer.BosId is { } bos ? tokenizer.Token(bos)! : "<|im_start|>";
        return new VisionLanguageProcessor(
            tokenizer,
            images,
            ChatTemplate.Idefics3(begin),
            ImageToken,
            image => Placeholder(image.Grid, (int)config.TokensPerFrame),
            "<end_of_utterance>");
    }

    // Old exports carry buffers that are computed, not learned; exports of the bare model leave the first part of every name out.
    private static string? MapTensorName(string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || name.EndsWith(".position_ids", StringComparison.Ordinal)
            ? null
            : name.Split('.')[0] is "vision_model" or "connector" or "text_model" ? $"model.{name}" : name;
}
