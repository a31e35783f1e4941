using RlhfV.Models.Images;
using SkiaSharp;

namespace RlhfV.Models.Tests.Images;

/// <summary>Small encoded pictures in every format.</summary>
internal static class TestPictures
{
    /// <summary>A picture of noise over slopes, the same for the same seed.</summary>
    public static RgbImage Noise(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(((i % (3 * width)) + (2 * (i / (3 * width))) + random.Next(48)) & 255);
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>The picture as PNG, JPEG or WebP.</summary>
    public static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality = 90)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                var pixel = image.Pixels.Slice(3 * ((y * image.Width) + x), 3);
                bitmap.SetPixel(x, y, new SKColor(pixel[0], pixel[1], pixel[2]));
            }
        }

        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>The picture as a 24-bit BMP.</summary>
    public static byte[] Bmp(RgbImage image)
    {
        int stride = ((3 * image.Width) + 3) / 4 * 4;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("BM"u8);
        writer.Write(54 + (stride * image.Height));
        writer.Write(0);
        writer.Write(54);
        writer.Write(40);
        writer.Write(image.Width);
        writer.Write(image.Height);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write(new byte[24]);
        for (int y = image.Height - 1; y >= 0; y--)
        {
            var row = new byte[stride];
            for (int i = 0; i < 3 * image.Width; i++)
            {
                row[i] = image.Pixels[(3 * y * image.Width) + (i / 3 * 3) + (2 - (i % 3))];
            }

            writer.Write(row);
        }

        return stream.ToArray();
    }

    /// <summary>
    /// A GIF of 7-bit indices into a palette of 128 colours; <paramref name="transparent"/> names an index, or is negative.
    /// </summary>
    public static byte[] Gif(int width, int height, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> indices, int transparent = -1)
    {
        // Eight-bit codes with a clear code before the table would grow past them: valid, and no compressor is needed.
        var codes = new List<byte>();
        for (int at = 0; at < indices.Length; at += 100)
        {
            codes.Add(0x80);
            codes.AddRange(indices[at..Math.Min(at + 100, indices.Length)]);
        }

        codes.Add(0x81);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GIF89a"u8);
        writer.Write((short)width);
        writer.Write((short)height);
        writer.Write([0xF6, 0, 0]);
        writer.Write(palette[..384]);
        if (transparent >= 0)
        {
            writer.Write([0x21, 0xF9, 4, 1, 0, 0, (byte)transparent, 0]);
        }

        writer.Write([0x2C, 0, 0, 0, 0]);
        writer.Write((short)width);
        writer.Write((short)height);
        writer.Write([0, 7]);
        foreach (byte[] block in codes.Chunk(255))
        {
            writer.Write((byte)block.Length);
            writer.Write(block);
        }

        writer.Write([0, 0x3B]);
        return stream.ToArray();
    }
}
