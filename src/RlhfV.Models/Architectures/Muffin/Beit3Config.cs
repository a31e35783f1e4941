using System.Text.RegularExpressions;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>Sizes of a BEiT-3 vision tower with learnable queries (arXiv 2208.10442; microsoft/torchscale 0.2.0).</summary>
public sealed partial record Beit3Config
{
    /// <summary>Side of the square input, pixels.</summary>
    public required long ImageSize { get; init; }

    /// <summary>Side of a patch, pixels; divides <see cref="ImageSize"/>. Default 16.</summary>
    public long PatchSize { get; init; } = 16;

    /// <summary>Width of the residual stream.</summary>
    public required long HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward block.</summary>
    public required long FeedForwardSize { get; init; }

    /// <summary>Number of layers, at least 1.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public required long Heads { get; init; }

    /// <summary>
    /// Rows of the position table of the queries. The first two are never used: the tables are those of fairseq, which keeps them for
    /// padding. Default 1024.
    /// </summary>
    public long QueryPositions { get; init; } = 1024;

    /// <summary>Epsilon of the layer norms. Default 1e-5.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Patches along one side of the picture.</summary>
    public long Grid => ImageSize / PatchSize;

    /// <summary>Number of patches of one picture.</summary>
    public long Patches => Grid * Grid;

    /// <summary>The tower of the published name <c>beit3_base_patch16_SIZE</c>.</summary>
    /// <param name="imageSize">Side of the square input, pixels.</param>
    public static Beit3Config Base(long imageSize = 224) =>
        new() { ImageSize = imageSize, HiddenSize = 768, FeedForwardSize = 3072, Layers = 12, Heads = 12 };

    /// <summary>The tower of the published name <c>beit3_large_patch16_SIZE</c>, that of the RLHF-V checkpoints.</summary>
    /// <param name="imageSize">Side of the square input, pixels.</param>
    public static Beit3Config Large(long imageSize = 448) =>
        new() { ImageSize = imageSize, HiddenSize = 1024, FeedForwardSize = 4096, Layers = 24, Heads = 16 };

    /// <summary>
    /// Reads the sizes: those of the published name in <c>mm_vision_tower</c>, or, for other towers, those of a <c>vision_config</c>, which
    /// goes before the name. The picture's size is always the last part of the name.
    /// </summary>
    internal static Beit3Config Read(ConfigReader json)
    {
        string name = json.Text("mm_vision_tower", string.Empty);
        Match parts = TowerName().Match(name);
        if (!parts.Success || !long.TryParse(parts.Groups["size"].Value, out long imageSize) || imageSize > Images.ImageDecodeOptions.MaxEdge)
        {
            throw new ModelFormatException(
                $"{json.Where}: 'mm_vision_tower' is '{name}'; expected a name that ends in the picture's size, such as beit3_large_patch16_448.");
        }

        Beit3Config config = json.Has("vision_config")
            ? ReadSizes(json.Object("vision_config"), imageSize)
            : Published(parts.Groups["tower"].Value, imageSize) ?? throw new ModelFormatException(
                $"{json.Where}: 'mm_vision_tower' is '{name}'; the sizes of beit3_base_patch16 and beit3_large_patch16 are known. "
                + "For another tower add a 'vision_config' with hidden_size, num_attention_heads, num_hidden_layers and intermediate_size.");
        json.RequireDivides("patch size", config.PatchSize, "picture size", config.ImageSize);
        return config;
    }

    private static Beit3Config? Published(string tower, long imageSize) => tower switch
    {
        "beit3_base_patch16" => Base(imageSize),
        "beit3_large_patch16" => Large(imageSize),
        _ => null,
    };

    private static Beit3Config ReadSizes(ConfigReader json, long imageSize)
    {
        string[] missing = [.. ((string[])["hidden_size", "num_hidden_layers", "num_attention_heads"]).Where(key => !json.Has(key))];
        if (missing.Length > 0)
        {
            throw new ModelFormatException($"{json.Where}: {string.Join(", ", missing)} missing; expected the tower's sizes.");
        }

        long width = json.Size("hidden_size", 0);
        var config = new Beit3Config
        {
            ImageSize = imageSize,
            PatchSize = json.Size("patch_size", 16),
            HiddenSize = width,
            FeedForwardSize = json.Size("intermediate_size", 4 * width),
            Layers = (int)json.Size("num_hidden_layers", 0),
            Heads = json.Size("num_attention_heads", 0),
            QueryPositions = json.Size("max_source_positions", 1024),
            NormEpsilon = json.Number("layer_norm_eps", 1e-5),
        };
        json.RequireDivides("num_attention_heads", config.Heads, "hidden_size", width);
        return config;
    }

    [GeneratedRegex(@"^(?<tower>.+)_(?<size>[1-9][0-9]{0,8})$", RegexOptions.CultureInvariant)]
    private static partial Regex TowerName();
}
