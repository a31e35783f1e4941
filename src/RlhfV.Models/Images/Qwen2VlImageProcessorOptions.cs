namespace RlhfV.Models.Images;

/// <summary>The settings of a <see cref="Qwen2VlImageProcessor"/>; the defaults are those of Qwen2.5-VL's published folders.</summary>
public sealed record Qwen2VlImageProcessorOptions
{
    /// <summary>Side of a patch, pixels.</summary>
    /// <value>The default is 14.</value>
    public int PatchSize { get; init; } = 14;

    /// <summary>Pictures in time that share a patch; a still picture is repeated.</summary>
    /// <value>The default is 2.</value>
    public int TemporalPatchSize { get; init; } = 2;

    /// <summary>Side of the block of patches that becomes one image token, in patches.</summary>
    /// <value>The default is 2.</value>
    public int MergeSize { get; init; } = 2;

    /// <summary>
    /// Pixels that a picture has at least after resizing: smaller ones are enlarged. One image token stands for
    /// (<see cref="PatchSize"/> x <see cref="MergeSize"/>)² pixels, 784 with the defaults.
    /// </summary>
    /// <value>The default is 3,136: 4 image tokens.</value>
    public long MinPixels { get; init; } = 56 * 56;

    /// <summary>
    /// Pixels that a picture has at most after resizing: larger ones are shrunk. It bounds time and memory: 24 bytes per pixel here, and one
    /// image token per 784 pixels in the decoder. A tenth of the default is enough for most pictures.
    /// </summary>
    /// <value>The default is 12,845,056: 16,384 image tokens. At most 134,217,728.</value>
    public long MaxPixels { get; init; } = 3584 * 3584;

    /// <summary>Whether pictures are resized; else their edges must be multiples of <see cref="PatchSize"/> x <see cref="MergeSize"/> already.</summary>
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
