namespace RlhfV.Models.Images;

/// <summary>Turns a picture as its EXIF orientation (1 to 8, TIFF 6.0 tag 274) asks.</summary>
internal static class ImageOrientation
{
    /// <summary>Turns and mirrors.</summary>
    /// <param name="image">The picture as stored.</param>
    /// <param name="orientation">1 to 8; anything else means 1, the picture stands upright.</param>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return image;
        }

        int width = image.Width, height = image.Height;
        bool turned = orientation >= 5;
        int newWidth = turned ? height : width, newHeight = turned ? width : height;

        // Where the picture's first pixel was stored, and how far apart its columns and rows were.
        (int origin, int column, int row) = orientation switch
        {
            2 => (width - 1, -1, width),
            3 => ((width * height) - 1, -1, -width),
            4 => (width * (height - 1), 1, -width),
            5 => (0, width, 1),
            6 => (width * (height - 1), -width, 1),
            7 => ((width * height) - 1, -width, -1),
            _ => (width - 1, width, -1),
        };
        var source = image.Pixels;
        var pixels = new byte[source.Length];
        int to = 0;
        for (int y = 0; y < newHeight; y++)
        {
            for (int x = 0, from = 3 * (origin + (y * row)); x < newWidth; x++, from += 3 * column, to += 3)
            {
                source.Slice(from, 3).CopyTo(pixels.AsSpan(to, 3));
            }
        }

        return new RgbImage(newWidth, newHeight, pixels);
    }
}
