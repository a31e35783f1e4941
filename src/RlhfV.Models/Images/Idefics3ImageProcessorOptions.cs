namespace RlhfV.Models.Images;

/// <summary>The settings of an <see cref="Idefics3ImageProcessor"/>; the defaults are those of Idefics3-8B.</summary>
public sealed record Idefics3ImageProcessorOptions
{
    /// <summary>The mean of each channel, and its deviation, as a fraction of full level.</summary>
    public static IReadOnlyList<double> Half { get; } = [0.5, 0.5, 0.5];

    /// <summary>
    /// The length of the longest edge after the first resize, proportions kept, 4096 at most; smaller pictures grow. Null to keep pictures as
    /// they are before they are cut.
    /// </summary>
    /// <value>The default is 1456.</value>
    public int? LongestEdge { get; init; } = 4 * 364;

    /// <summary>Width and height of a frame, which the vision tower takes.</summary>
    /// <value>The default is 364.</value>
    public int TileEdge { get; init; } = 364;

    /// <summary>
    /// True to cut a picture larger than a frame into tiles; false to shrink it to one frame: about a seventeenth of the work, and small print
    /// is lost.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Split { get; init; } = true;

    /// <summary>The interpolation kernel.</summary>
    /// <value>The default is <see cref="ResamplingFilter.Lanczos"/>.</value>
    public ResamplingFilter Filter { get; init; } = ResamplingFilter.Lanczos;

    /// <summary>What levels are multiplied with; null to keep 0 to 255.</summary>
    /// <value>The default is 1/255.</value>
    public double? RescaleFactor { get; init; } = 1.0 / 255;

    /// <summary>What is subtracted from each channel, red, green, blue; null not to normalise.</summary>
    /// <value>The default is 0.5 for each.</value>
    public IReadOnlyList<double>? Mean { get; init; } = Half;

    /// <summary>What each channel is divided by after <see cref="Mean"/> was subtracted; null not to normalise.</summary>
    /// <value>The default is 0.5 for each.</value>
    public IReadOnlyList<double>? Std { get; init; } = Half;
}
