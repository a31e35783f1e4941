using SkiaSharp;

namespace RlhfV.Models.Images;

/// <summary>
/// Encoded bytes to pixels, of an animation the first picture. Everything that can be wrong with the bytes ends in an
/// <see cref="ImageFormatException"/>. Colour profiles are ignored, as in the reference implementations.
/// </summary>
internal static class ImageDecoder
{
    private const string Expected = "expected a PNG, JPEG, WebP, GIF or BMP picture";

    /// <summary>Decodes a picture.</summary>
    /// <param name="encoded">The encoded bytes.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <param name="options">How to decode.</param>
    public static RgbImage Decode(ReadOnlySpan<byte> encoded, string name, ImageDecodeOptions options)
    {
        if (encoded.IsEmpty)
        {
            throw new ImageFormatException($"'{name}' is empty; {Expected}.");
        }

        // Only the formats that people keep photographs in reach the native decoders.
        var format = FormatOf(encoded);
        if (format == ImageFormat.Unknown)
        {
            string start = Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)]);
            throw new ImageFormatException($"'{name}' begins with the bytes {start}; {Expected}.");
        }

        var image = DecodeStored(encoded, format, name, options, out int orientation);
        return options.Orientation == ExifOrientation.Apply ? ImageOrientation.Apply(image, orientation) : image;
    }

    private static ImageFormat FormatOf(ReadOnlySpan<byte> encoded) =>
        encoded.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? ImageFormat.Png
        : encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ImageFormat.Jpeg
        : encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8) ? ImageFormat.WebP
        : encoded.StartsWith("GIF87a"u8) || encoded.StartsWith("GIF89a"u8) ? ImageFormat.Gif
        : encoded.StartsWith("BM"u8) ? ImageFormat.Bmp
        : ImageFormat.Unknown;

    private static RgbImage DecodeStored(
        ReadOnlySpan<byte> encoded, ImageFormat format, string name, ImageDecodeOptions options, out int orientation)
    {
        bool wideGrey = format == ImageFormat.Png && EncodedEdits.IsWideGrey(encoded);
        byte[]? edited = wideGrey ? EncodedEdits.DeclareGreyAndAlpha(encoded)
            : format == ImageFormat.Gif && options.Background is null ? EncodedEdits.DeclareOpaque(encoded)
            : null;

        // A native copy can neither move nor change while the decoder reads it.
        using var data = SKData.CreateCopy(edited ?? encoded);
        using var codec = SKCodec.Create(data)
            ?? throw new ImageFormatException($"'{name}' begins like a {format} picture, but its header is damaged or cut off.");
        int width = codec.Info.Width, height = codec.Info.Height;
        RequireSize(width, height, name, options);

        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info))
        {
            throw new ImageFormatException($"'{name}' has {width}x{height} pixels, for which there is not enough memory.");
        }

        var outcome = codec.GetPixels(info, bitmap.GetPixels());
        if (outcome != SKCodecResult.Success)
        {
            throw new ImageFormatException($"'{name}' ({format}, {width}x{height} pixels) is damaged or cut off ({outcome}).");
        }

        var pixels = new byte[3 * width * height];
        if (wideGrey)
        {
            PixelConversion.ClipWideGrey(bitmap.GetPixelSpan(), pixels);
        }
        else if (options.Background is { } background)
        {
            PixelConversion.BlendOver(bitmap.GetPixelSpan(), background, pixels);
        }
        else
        {
            PixelConversion.DropAlpha(bitmap.GetPixelSpan(), pixels);
        }

        orientation = format == ImageFormat.Jpeg ? (int)codec.EncodedOrigin : ExifReader.Orientation(encoded, format);
        return new RgbImage(width, height, pixels);
    }

    private static void RequireSize(int width, int height, string name, ImageDecodeOptions options)
    {
        if (width < 1 || height < 1 || width > ImageDecodeOptions.MaxEdge || height > ImageDecodeOptions.MaxEdge)
        {
            throw new ImageFormatException(
                $"'{name}' has {width}x{height} pixels; expected 1 to {ImageDecodeOptions.MaxEdge} along each edge.");
        }

        long limit = Math.Min(options.MaxPixels, Array.MaxLength / 4);
        if ((long)width * height > limit)
        {
            throw new ImageFormatException(
                $"'{name}' has {width}x{height} = {(long)width * height:N0} pixels; expected at most {limit:N0}. " +
                $"Shrink it, or raise {nameof(ImageDecodeOptions)}.{nameof(ImageDecodeOptions.MaxPixels)}.");
        }
    }
}
