using SkiaSharp;

namespace RlhfV.Models.Images;

/// <summary>Encoded bytes to pixels. Everything that can be wrong with them ends in an <see cref="ImageFormatException"/>.</summary>
internal static class ImageDecoder
{
    /// <summary>Decodes a picture.</summary>
    /// <param name="encoded">The encoded bytes.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <param name="options">How to decode.</param>
    public static RgbImage Decode(ReadOnlyMemory<byte> encoded, string name, ImageDecodeOptions options)
    {
        RequireKnownFormat(encoded.Span, name);

        bool wide = WideGreyPng.Is(encoded.Span);
        RgbColor? background = options.Background;
        ReadOnlyMemory<byte> readable = encoded;
        if (wide)
        {
            readable = WideGreyPng.AsGreyAndAlpha(encoded.Span);
        }
        else if (background is null && encoded.Span.StartsWith("GIF"u8) && GifTransparency.Remove(encoded.Span) is { } opaque)
        {
            (readable, background) = (opaque.Encoded, opaque.Uncovered);
        }

        // Skia keeps reading from what it is given: a native copy cannot move or change under it.
        using var data = SKData.CreateCopy(readable.Span);
        using var codec = SKCodec.Create(data)
            ?? throw new ImageFormatException($"'{name}' begins like a picture but its header is damaged ({encoded.Length:N0} bytes).");
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
            throw new ImageFormatException($"'{name}' ({codec.EncodedFormat}, {width}x{height} pixels) is damaged or cut off: {outcome}.");
        }

        var pixels = new byte[3 * width * height];
        if (wide)
        {
            WideGreyPng.Clip(bitmap.GetPixelSpan(), pixels);
        }
        else
        {
            DropAlpha(bitmap.GetPixelSpan(), background, pixels);
        }

        var image = new RgbImage(width, height, pixels);
        return options.Orientation == ExifOrientation.Apply ? ImageOrientation.Apply(image, Orientation(encoded.Span, codec)) : image;
    }

    /// <summary>Reads a picture's size from its header: as it is stored, before any EXIF orientation.</summary>
    public static ImageSize ReadSize(ReadOnlyMemory<byte> encoded, string name)
    {
        RequireKnownFormat(encoded.Span, name);
        using var data = SKData.CreateCopy(encoded.Span);
        using var codec = SKCodec.Create(data)
            ?? throw new ImageFormatException($"'{name}' begins like a picture but its header is damaged ({encoded.Length:N0} bytes).");
        return new ImageSize(codec.Info.Width, codec.Info.Height);
    }

    /// <summary>Only the formats that people store photographs in reach the native decoders.</summary>
    private static void RequireKnownFormat(ReadOnlySpan<byte> encoded, string name)
    {
        if (encoded.IsEmpty)
        {
            throw new ImageFormatException($"'{name}' is empty; expected a PNG, JPEG, WebP, GIF or BMP picture.");
        }

        bool known = IsPng(encoded) || encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            || encoded.StartsWith("GIF87a"u8) || encoded.StartsWith("GIF89a"u8) || encoded.StartsWith("BM"u8)
            || (encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8));
        if (!known)
        {
            throw new ImageFormatException(
                $"'{name}' begins with the bytes {Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)])}; " +
                "expected a PNG, JPEG, WebP, GIF or BMP picture.");
        }
    }

    private static void RequireSize(int width, int height, string name, ImageDecodeOptions options)
    {
        if (width < 1 || height < 1 || width > ImageDecodeOptions.MaxEdge || height > ImageDecodeOptions.MaxEdge)
        {
            throw new ImageFormatException(
                $"'{name}' has {width}x{height} pixels; expected 1 to {ImageDecodeOptions.MaxEdge} along each edge.");
        }

        if ((long)width * height > options.MaxPixels)
        {
            throw new ImageFormatException(
                $"'{name}' has {width}x{height} = {(long)width * height:N0} pixels; expected at most {options.MaxPixels:N0}. " +
                $"Shrink it, or raise {nameof(ImageDecodeOptions)}.{nameof(ImageDecodeOptions.MaxPixels)}.");
        }

        if (3L * width * height > Array.MaxLength)
        {
            throw new ImageFormatException(
                $"'{name}' has {width}x{height} = {(long)width * height:N0} pixels; more than {Array.MaxLength / 3:N0} do not fit into one array. Shrink it.");
        }
    }

    private static bool IsPng(ReadOnlySpan<byte> encoded) =>
        encoded.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

    private static int Orientation(ReadOnlySpan<byte> encoded, SKCodec codec) => codec.EncodedFormat switch
    {
        SKEncodedImageFormat.Png => ExifBlock.OfPng(encoded) ?? 1,
        SKEncodedImageFormat.Webp => ExifBlock.OfWebP(encoded) ?? 1,
        _ => (int)codec.EncodedOrigin,
    };

    private static void DropAlpha(ReadOnlySpan<byte> source, RgbColor? background, Span<byte> destination)
    {
        if (background is { } below)
        {
            for (int from = 0, to = 0; to < destination.Length; from += 4, to += 3)
            {
                int alpha = source[from + 3];
                destination[to] = Blend(source[from], below.Red, alpha);
                destination[to + 1] = Blend(source[from + 1], below.Green, alpha);
                destination[to + 2] = Blend(source[from + 2], below.Blue, alpha);
            }

            return;
        }

        for (int from = 0, to = 0; to < destination.Length; from += 4, to += 3)
        {
            destination[to] = source[from];
            destination[to + 1] = source[from + 1];
            destination[to + 2] = source[from + 2];
        }
    }

    private static byte Blend(int over, int under, int alpha) => (byte)(((over * alpha) + (under * (255 - alpha)) + 127) / 255);
}
