namespace RlhfV.Models.Images;

/// <summary>The settings of a <see cref="Qwen2VLImageProcessor"/>; the defaults are those of Qwen2-VL and Qwen2.5-VL.</summary>
public sealed record Qwen2VLImageProcessorOptions
{
    /// <summary>Width and height of a patch in pixels.</summary>
    /// <value>The default is 14.</value>
    public int PatchSize { get; init; } = 14;

    /// <summary>How many frames a patch spans; a still picture is repeated.</summary>
    /// <value>The default is 2.</value>
    public int TemporalPatchSize { get; init; } = 2;

    /// <summary>How many patches along each edge become one token.</summary>
    /// <value>The default is 2.</value>
    public int MergeSize { get; init; } = 2;

    /// <summary>The fewest pixels after resizing.</summary>
    /// <value>The default is 3,136 (4 tokens).</value>
    public int MinPixels { get; init; } = 56 * 56;

    /// <summary>The most pixels after resizing.</summary>
    /// <value>The default is 1,003,520 (1,280 tokens); published checkpoints set 12,845,056.</value>
    public int MaxPixels { get; init; } = 28 * 28 * 1280;

    /// <summary>False to take pictures in the size they have, which must then be whole merged patches.</summary>
    /// <value>The default is true.</value>
    public bool Resize { get; init; } = true;

    /// <summary>The interpolation kernel.</summary>
    /// <value>The default is <see cref="ResamplingFilter.Bicubic"/>.</value>
    public ResamplingFilter Filter { get; init; } = ResamplingFilter.Bicubic;

    /// <summary>What levels are multiplied with; null to keep 0 to 255.</summary>
    /// <value>The default is 1/255.</value>
    public double? RescaleFactor { get; init; } = 1.0 / 255;

    /// <summary>What is subtracted from each channel, red, green, blue; null not to normalise.</summary>
    /// <value>The default is <see cref="ClipImageProcessorOptions.ClipMean"/>.</value>
    public IReadOnlyList<double>? Mean { get; init; } = ClipImageProcessorOptions.ClipMean;

    /// <summary>What each channel is divided by after <see cref="Mean"/> was subtracted; null not to normalise.</summary>
    /// <value>The default is <see cref="ClipImageProcessorOptions.ClipStd"/>.</value>
    public IReadOnlyList<double>? Std { get; init; } = ClipImageProcessorOptions.ClipStd;
}
