namespace RlhfV.Models.Images;

/// <summary>The settings of a <see cref="ClipImageProcessor"/>; the defaults are those of CLIP (ViT-L/14 at 224 pixels).</summary>
public sealed record ClipImageProcessorOptions
{
    /// <summary>The mean of each channel over CLIP's training pictures, as a fraction of full level.</summary>
    public static IReadOnlyList<double> ClipMean { get; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>The standard deviation of each channel over CLIP's training pictures, as a fraction of full level.</summary>
    public static IReadOnlyList<double> ClipStd { get; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>The length of the shortest edge after resizing, proportions kept; null to resize to <see cref="Size"/> or not at all.</summary>
    /// <value>The default is 224.</value>
    public int? ShortestEdge { get; init; } = 224;

    /// <summary>The size after resizing, proportions not kept; not used when <see cref="ShortestEdge"/> is set.</summary>
    /// <value>The default is null.</value>
    public ImageSize? Size { get; init; }

    /// <summary>The size of the part that is cut from the middle, zeros around it where the picture is smaller; null not to cut.</summary>
    /// <value>The default is 224 x 224.</value>
    public ImageSize? CropSize { get; init; } = new(224, 224);

    /// <summary>
    /// True to put the picture in the middle of a square canvas of <see cref="PadColor"/> before anything else, as the original LLaVA does with
    /// <c>image_aspect_ratio: pad</c>, so that the crop cuts nothing off.
    /// </summary>
    /// <value>The default is false.</value>
    public bool PadToSquare { get; init; }

    /// <summary>The canvas' colour; null for <see cref="Mean"/> x 255, rounded down: (122, 116, 104) with CLIP's.</summary>
    /// <value>The default is null.</value>
    public RgbColor? PadColor { get; init; }

    /// <summary>The interpolation kernel.</summary>
    /// <value>The default is <see cref="ResamplingFilter.Bicubic"/>.</value>
    public ResamplingFilter Filter { get; init; } = ResamplingFilter.Bicubic;

    /// <summary>What levels are multiplied with; null to keep 0 to 255.</summary>
    /// <value>The default is 1/255.</value>
    public double? RescaleFactor { get; init; } = 1.0 / 255;

    /// <summary>What is subtracted from each channel, red, green, blue; null not to normalise.</summary>
    /// <value>The default is <see cref="ClipMean"/>.</value>
    public IReadOnlyList<double>? Mean { get; init; } = ClipMean;

    /// <summary>What each channel is divided by after <see cref="Mean"/> was subtracted; null not to normalise.</summary>
    /// <value>The default is <see cref="ClipStd"/>.</value>
    public IReadOnlyList<double>? Std { get; init; } = ClipStd;
}
