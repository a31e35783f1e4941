using System.Buffers.Binary;
using RlhfV.Models.Images;
using SkiaSharp;

namespace RlhfV.Models.Tests.Images;

/// <summary>Damaged pictures of every format: a picture of the announced size, or an exception of ours.</summary>
public sealed class ImageFuzzTests
{
    private const int Mutants = 1500;
    private static readonly ImageDecodeOptions Small = new() { MaxPixels = 1_000_000 };

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    [InlineData("gif")]
    [InlineData("bmp")]
    public void Damaged_AreReadOrRefused(string format)
    {
        byte[] good = Picture(format);
        Assert.Equal((40, 30), Size(ImageSource.FromBytes(good).Decode(Small)));
        var random = new Random(format[0]);
        int refused = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] damaged = Damage(good, random);
            try
            {
                RgbImage image = ImageSource.FromBytes(damaged).Decode(Small);
                Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
                Assert.InRange((long)image.Width * image.Height, 1, Small.MaxPixels);
            }
            catch (ImageFormatException e)
            {
                Assert.NotEmpty(e.Message);
                refused++;
            }
        }

        Assert.InRange(refused, 1, Mutants);
    }

    [Fact]
    public void RandomBytes_AreRefused()
    {
        var random = new Random(1);
        for (int i = 0; i < Mutants; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Assert.Throws<ImageFormatException>(() => ImageSource.FromBytes(bytes).Decode(Small));
        }
    }

    [Theory]
    [InlineData(65_535, 1)]
    [InlineData(65_535, 65_535)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(70_000, 2)]
    [InlineData(0, 5)]
    public void SizesThatNoOneMeant_AreRefusedBeforeMemoryIsTaken(int width, int height)
    {
        byte[] lying = Png(width, height);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImageFormatException>(() => ImageSource.FromBytes(lying).Decode(new ImageDecodeOptions { MaxPixels = 50_000 }));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000);
    }

    [Fact]
    public void LimitAboveWhatAnArrayHolds_StillRefuses() => Assert.Throws<ImageFormatException>(
        () => ImageSource.FromBytes(Png(60_000, 60_000)).Decode(new ImageDecodeOptions { MaxPixels = long.MaxValue }));

    private static (int Width, int Height) Size(RgbImage image) => (image.Width, image.Height);

    private static byte[] Picture(string format)
    {
        if (format == "gif")
            return Gif();
        if (format == "bmp")
            return Bmp();
        using var bitmap = new SKBitmap(40, 30);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 6), (byte)(y * 8), (byte)(x * y)));
        }

        using SKData data = bitmap.Encode(format switch { "png" => SKEncodedImageFormat.Png, "jpeg" => SKEncodedImageFormat.Jpeg, _ => SKEncodedImageFormat.Webp }, 80);
        return data.ToArray();
    }

    private static byte[] Bmp()
    {
        byte[] bytes = new byte[54 + (40 * 3 * 30)];
        new Random(3).NextBytes(bytes.AsSpan(54));
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        foreach ((int at, int value) in ((int, int)[])[(10, 54), (14, 40), (18, 40), (22, 30), (34, 40 * 3 * 30)])
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        (bytes[26], bytes[28]) = (1, 24);
        return bytes;
    }

    // Uncompressed codes of 9 bits with a clear code often enough that the code width never grows; two colours are enough to damage.
    private static byte[] Gif()
    {
        var bits = new List<bool>();
        for (int i = 0; i < 40 * 30; i++)
        {
            if (i % 100 == 0)
                Add(256);
            Add(i % 2);
        }

        Add(257);
        byte[] data = new byte[(bits.Count + 7) / 8];
        for (int i = 0; i < bits.Count; i++)
            data[i / 8] |= (byte)((bits[i] ? 1 : 0) << (i % 8));
        List<byte> gif = [.. "GIF89a"u8, 40, 0, 30, 0, 0xF7, 0, 0, .. Enumerable.Range(0, 768).Select(i => (byte)i), 0x2C, 0, 0, 0, 0, 40, 0, 30, 0, 0, 8];
        foreach (byte[] block in data.Chunk(255))
            gif.AddRange([(byte)block.Length, .. block]);
        return [.. gif, 0, 0x3B];

        void Add(int code) => bits.AddRange(Enumerable.Range(0, 9).Select(bit => (code >> bit & 1) == 1));
    }

    /// <summary>A PNG whose header announces a size and is correct otherwise.</summary>
    private static byte[] Png(int width, int height)
    {
        byte[] png = Picture("png");
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                int from = random.Next(bytes.Length), length = random.Next(1, 20);
                random.NextBytes(bytes.AsSpan(from, Math.Min(length, bytes.Length - from)));
                return bytes;
            case 2:
                int cut = random.Next(bytes.Length), again = random.Next(bytes.Length);
                return [.. bytes[..cut], .. bytes[again..]];
            default:
                // The beginning holds sizes and tables: damage there goes deepest.
                for (int i = random.Next(1, 8); i > 0; i--)
                    bytes[random.Next(Math.Min(bytes.Length, 64))] = (byte)random.Next(256);
                return bytes;
        }
    }
}
