namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>Sizes of Qwen2.5-VL's vision tower and of the merger behind it.</summary>
public sealed record Qwen25VlVisionConfig
{
    private const long MostSide = 4096;

    /// <summary>Width of the residual stream.</summary>
    public required long HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward block.</summary>
    public required long FeedForwardSize { get; init; }

    /// <summary>Width of the merger's result: the decoder's.</summary>
    public required long OutputSize { get; init; }

    /// <summary>Number of layers. Default 32.</summary>
    public int Layers { get; init; } = 32;

    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/> into heads of a multiple of 4. Default 16.</summary>
    public long Heads { get; init; } = 16;

    /// <summary>Side of a patch, pixels. Default 14.</summary>
    public int PatchSize { get; init; } = 14;

    /// <summary>Pictures in time that share a patch; a still picture is repeated. Default 2.</summary>
    public int TemporalPatchSize { get; init; } = 2;

    /// <summary>Side of the block of patches that becomes one image token, in patches. Default 2.</summary>
    public int MergeSize { get; init; } = 2;

    /// <summary>Side of an attention window, pixels; at least one block of patches. Default 112.</summary>
    public int WindowSize { get; init; } = 112;

    /// <summary>Layers, counted from 0, that attend to the whole picture instead of a window. Default 7, 15, 23, 31.</summary>
    public IReadOnlyList<int> FullAttentionLayers { get; init; } = [7, 15, 23, 31];

    /// <summary>Values of one patch: 3 channels x time x side x side.</summary>
    public long PatchValues => 3L * TemporalPatchSize * PatchSize * PatchSize;

    /// <summary>Patches that become one image token.</summary>
    public int PatchesPerToken => MergeSize * MergeSize;

    /// <summary>Side of an attention window in blocks of patches.</summary>
    internal int WindowBlocks => WindowSize / PatchSize / MergeSize;

    internal static Qwen25VlVisionConfig Read(ConfigReader json)
    {
        json.RequireOneOf("hidden_act", "silu", ["silu"]);
        var config = new Qwen25VlVisionConfig
        {
            HiddenSize = json.Size("hidden_size", 3584),
            FeedForwardSize = json.Size("intermediate_size", 3420),
            OutputSize = json.Size("out_hidden_size", 3584),
            Layers = (int)json.Size("depth", 32),
            Heads = json.Size("num_heads", 16),
            PatchSize = (int)Side("patch_size", 14),
            TemporalPatchSize = (int)Side("temporal_patch_size", 2),
            MergeSize = (int)Side("spatial_merge_size", 2),
            WindowSize = (int)json.Size("window_size", 112),
            FullAttentionLayers = [.. json.Integers("fullatt_block_indexes", [7, 15, 23, 31]).Select(layer => (int)Math.Clamp(layer, -1, int.MaxValue))],
        };
        long channels = json.Integer("in_channels", json.Integer("in_chans", 3));
        if (channels != 3)
        {
            throw new ModelFormatException($"{json.Where}: 'in_channels' is {channels}; expected 3.");
        }

        json.RequireDivides("num_heads", config.Heads, "hidden_size", config.HiddenSize);
        if (config.HiddenSize / config.Heads % 4 != 0)
        {
            throw new ModelFormatException(
                $"{json.Where}: 'hidden_size' ({config.HiddenSize}) over 'num_heads' ({config.Heads}) is {config.HiddenSize / config.Heads}; "
                + "expected a multiple of 4, for rows and columns each turn half of a head's pairs.");
        }

        if (config.WindowBlocks < 1)
        {
            throw new ModelFormatException(
                $"{json.Where}: 'window_size' is {config.WindowSize}; expected at least a block of patches, "
                + $"'patch_size' ({config.PatchSize}) times 'spatial_merge_size' ({config.MergeSize}).");
        }

        return config;

        long Side(string key, long absent) => json.Size(key, absent) is <= MostSide and long side
            ? side
            : throw new ModelFormatException($"{json.Where}: '{key}' is {json.Size(key, absent)}; expected at most {MostSide}.");
    }
}
