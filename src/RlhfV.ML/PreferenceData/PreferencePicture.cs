using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.ML.Columns;
using RlhfV.Models.Images;
using RlhfV.Preferences;
using SkiaSharp;

namespace RlhfV.ML.PreferenceData;

/// <summary>Reads pictures of any column as preference data keeps them: encoded, or by path.</summary>
internal static class PreferencePicture
{
    public static Func<PreferenceImage?> Open(DataViewRow row, DataViewSchema.Column column, string? folder)
    {
        switch (ImageColumn.KindOf(column.Type))
        {
            case ImageColumnKind.Bytes:
                Func<byte[]> encoded = ImageColumn.OpenEncoded(row, column);
                return () => encoded() is { Length: > 0 } bytes ? PreferenceImage.FromBytes(bytes) : null;

            case ImageColumnKind.Path:
                ValueGetter<ReadOnlyMemory<char>> path = row.GetGetter<ReadOnlyMemory<char>>(column);
                ReadOnlyMemory<char> text = default;
                return () =>
                {
                    path(ref text);
                    return text.Span.IsWhiteSpace() ? null : PreferenceImage.FromPath(Path.Combine(folder ?? "", text.ToString()));
                };

            default:
                ValueGetter<MLImage> pixels = row.GetGetter<MLImage>(column);
                MLImage? image = null;
                return () =>
                {
                    pixels(ref image!);
                    return image is null ? null : PreferenceImage.FromBytes(Encode(image));
                };
        }
    }

    /// <summary>PNG of red, green and blue as they lie in the image; the fourth byte is ignored, as <see cref="ImagePixels"/> does.</summary>
    /// <exception cref="ImageFormatException">The image is disposed.</exception>
    private static ReadOnlyMemory<byte> Encode(MLImage image)
    {
        ReadOnlySpan<byte> stored = ImagePixels.PixelsOf(image);
        SKColorType color = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        using SKImage pixels = SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, color, SKAlphaType.Opaque), stored);
        using SKData png = pixels.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
