namespace RlhfV.Models.Images;

/// <summary>The settings of an <see cref="Idefics3ImageProcessor"/>; the defaults are those of Idefics3.</summary>
public sealed record Idefics3ImageProcessorOptions
{
    /// <summary>The length to which the longest edge is resized first, up or down; null to leave the picture's size.</summary>
    /// <value>The default is 1456 (4 tiles).</value>
    public int? LongestEdge { get; init; } = 4 * 364;

    /// <summary>Width and height of a tile, which is what the vision tower takes.</summary>
    /// <value>The default is 364.</value>
    public int TileEdge { get; init; } = 364;

    /// <summary>True to split a picture into tiles; false to shrink every picture to one tile.</summary>
    /// <value>The default is true.</value>
    public bool Split { get; init; } = true;

    /// <summary>The interpolation kernel.</summary>
    /// <value>The default is <see cref="ResamplingFilter.Lanczos"/>.</value>
    public ResamplingFilter Filter { get; init; } = ResamplingFilter.Lanczos;

    /// <summary>What levels are multiplied with; null to keep 0 to 255.</summary>
    /// <value>The default is 1/255.</value>
    public double? RescaleFactor { get; init; } = 1.0 / 255;

    /// <summary>What is subtracted from each channel, red, green, blue; null not to normalise.</summary>
    /// <value>The default is 0.5 each.</value>
    public IReadOnlyList<double>? Mean { get; init; } = PixelNormalization.Halves;

    /// <summary>What each channel is divided by after <see cref="Mean"/> was subtracted; null not to normalise.</summary>
    /// <value>The default is 0.5 each.</value>
    public IReadOnlyList<double>? Std { get; init; } = PixelNormalization.Halves;
}
