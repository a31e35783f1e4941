namespace RlhfV.Models.Images;

/// <summary>A decoded picture: 8 bits each of red, green and blue per pixel, rows from the top, no padding between rows. Immutable.</summary>
public sealed class RgbImage
{
    private readonly byte[] _pixels;

    /// <summary>Makes a picture of pixels.</summary>
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">
    /// <paramref name="width"/> x <paramref name="height"/> x 3 levels: row by row, red, green, blue. The array is taken over, not copied:
    /// do not change it afterwards.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    /// <exception cref="ArgumentException">The number of levels does not fit the size.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != 3L * width * height)
        {
            throw new ArgumentException(
                $"A picture of {width}x{height} pixels has {3L * width * height} levels, the array holds {pixels.Length}.", nameof(pixels));
        }

        (Width, Height, _pixels) = (width, height, pixels);
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The levels 0 to 255, row by row, red, green, blue: <see cref="Width"/> x <see cref="Height"/> x 3.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;
}
