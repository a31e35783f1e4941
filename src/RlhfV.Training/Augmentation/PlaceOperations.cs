using RlhfV.Models.Images;

namespace RlhfV.Training.Augmentation;

/// <summary>Operations that move pixels. What comes from outside the picture is grey (128).</summary>
internal static class PlaceOperations
{
    private const byte Grey = 128;

    /// <summary>Turns the picture about its middle.</summary>
    public static RgbImage Rotate(RgbImage image, double degrees)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        (double x, double y) = ((image.Width - 1) / 2.0, (image.Height - 1) / 2.0);
        return Affine(image, cosine, -sine, x - cosine * x + sine * y, sine, cosine, y - sine * x - cosine * y);
    }

    /// <summary>Shifts rows by their height times a factor.</summary>
    public static RgbImage ShearX(RgbImage image, double factor) => Affine(image, 1, factor, 0, 0, 1, 0);

    /// <summary>Shifts columns by their place times a factor.</summary>
    public static RgbImage ShearY(RgbImage image, double factor) => Affine(image, 1, 0, 0, factor, 1, 0);

    /// <summary>Shifts the picture.</summary>
    public static RgbImage Translate(RgbImage image, double x, double y) => Affine(image, 1, 0, -x, 0, 1, -y);

    /// <summary>Exchanges left and right.</summary>
    public static RgbImage Flip(RgbImage image) => Affine(image, -1, 0, image.Width - 1, 0, 1, 0);

    /// <summary>Enlarges a part of the picture to the picture's size.</summary>
    public static RgbImage Crop(RgbImage image, double left, double top, double width, double height)
    {
        (double x, double y) = (width / image.Width, height / image.Height);
        return Affine(image, x, 0, left + (x - 1) / 2, 0, y, top + (y - 1) / 2, clamp: true);
    }

    /// <summary>Covers a square with grey.</summary>
    public static RgbImage Cutout(RgbImage image, double centreX, double centreY, double side)
    {
        byte[] result = image.Pixels.ToArray();
        int left = Math.Max(0, (int)(centreX - side / 2)), right = Math.Min(image.Width, (int)(centreX + side / 2));
        for (int y = Math.Max(0, (int)(centreY - side / 2)); y < Math.Min(image.Height, (int)(centreY + side / 2)); y++)
        {
            result.AsSpan(3 * (y * image.Width + left), Math.Max(0, 3 * (right - left))).Fill(Grey);
        }

        return new RgbImage(image.Width, image.Height, result);
    }

    /// <summary>Result (x, y) is the picture at (a x + b y + c, d x + e y + f), between pixels by linear interpolation.</summary>
    private static RgbImage Affine(RgbImage image, double a, double b, double c, double d, double e, double f, bool clamp = false)
    {
        byte[] result = new byte[image.Pixels.Length];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                Sample(image, a * x + b * y + c, d * x + e * y + f, clamp, result.AsSpan(3 * (y * image.Width + x), 3));
            }
        }

        return new RgbImage(image.Width, image.Height, result);
    }

    private static void Sample(RgbImage image, double x, double y, bool clamp, Span<byte> target)
    {
        if (clamp)
        {
            (x, y) = (Math.Clamp(x, 0, image.Width - 1), Math.Clamp(y, 0, image.Height - 1));
        }

        (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double right, double bottom) = (x - left, y - top);
        for (int channel = 0; channel < 3; channel++)
        {
            double above = At(image, left, top, channel) * (1 - right) + At(image, left + 1, top, channel) * right;
            double below = At(image, left, top + 1, channel) * (1 - right) + At(image, left + 1, top + 1, channel) * right;
            target[channel] = (byte)(above * (1 - bottom) + below * bottom + 0.5);
        }
    }

    private static byte At(RgbImage image, int x, int y, int channel) =>
        x < 0 || y < 0 || x >= image.Width || y >= image.Height ? Grey : image.Pixels[3 * (y * image.Width + x) + channel];
}
