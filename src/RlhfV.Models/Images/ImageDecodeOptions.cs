namespace RlhfV.Models.Images;

/// <summary>How encoded pictures become pixels.</summary>
public sealed record ImageDecodeOptions
{
    /// <summary>The largest number of pixels per row and of rows that any picture may have, whatever <see cref="MaxPixels"/> says: 65,535.</summary>
    public const int MaxEdge = 65_535;

    /// <summary>The options that are used where none are given.</summary>
    public static ImageDecodeOptions Default { get; } = new();

    /// <summary>What to do with the EXIF orientation.</summary>
    /// <value>The default is <see cref="ExifOrientation.Apply"/>.</value>
    public ExifOrientation Orientation { get; init; } = ExifOrientation.Apply;

    /// <summary>
    /// The colour that shows through transparent pixels, or null to drop transparency so that the colours stored under it show: the latter
    /// is what the reference implementations do (Pillow's <c>convert("RGB")</c>), and so what the models were trained on.
    /// </summary>
    /// <value>The default is null.</value>
    public RgbColor? Background { get; init; }

    /// <summary>
    /// The largest width x height that is decoded. The size is read from the header; a larger picture is refused before memory is reserved.
    /// </summary>
    /// <value>The default is 64,000,000: up to 450 MB while decoding. At least 1.</value>
    public long MaxPixels
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(MaxPixels)} must be at least 1.");
    } = 64_000_000;
}
