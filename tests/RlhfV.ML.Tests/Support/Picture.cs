using Microsoft.ML.Data;
using SkiaSharp;

namespace RlhfV.ML.Tests;

/// <summary>Small pictures, each with a look of its own.</summary>
internal static class Picture
{
    public const int Width = 20;
    public const int Height = 14;

    /// <summary>A PNG of coloured noise, decided by its number.</summary>
    public static byte[] Png(int number)
    {
        using SKBitmap bitmap = Bitmap(number, SKColorType.Rgba8888);
        return bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();
    }

    /// <summary>The same pixels as ML.NET's image object.</summary>
    public static MLImage Image(int number, MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        using SKBitmap bitmap = Bitmap(number, format == MLPixelFormat.Bgra32 ? SKColorType.Bgra8888 : SKColorType.Rgba8888);
        return MLImage.CreateFromPixels(Width, Height, format, bitmap.GetPixelSpan());
    }

    private static SKBitmap Bitmap(int number, SKColorType type)
    {
        var random = new Random(number);
        var bitmap = new SKBitmap(Width, Height, type, SKAlphaType.Opaque);
        for (int i = 0; i < Width * Height; i++)
            bitmap.SetPixel(i % Width, i / Width, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        return bitmap;
    }
}
