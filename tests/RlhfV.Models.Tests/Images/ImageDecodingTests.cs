using System.Buffers.Binary;
using System.IO.Compression;
using RlhfV.Models.Images;
using SkiaSharp;

namespace RlhfV.Models.Tests.Images;

/// <summary>What Pillow makes of pictures that Skia by itself reads in another way.</summary>
public sealed class ImageDecodingTests
{
    // Two columns and three rows: a b / c d / e f.
    private static readonly SKColor[] Colors = [new(255, 0, 0), new(0, 255, 0), new(0, 0, 255), new(255, 255, 0), new(0, 255, 255), new(255, 0, 255)];

    public static TheoryData<string, int, string> Turned
    {
        get
        {
            string[] expected = ["ab cd ef", "ba dc fe", "fe dc ba", "ef cd ab", "ace bdf", "eca fdb", "fdb eca", "bdf ace"];
            var data = new TheoryData<string, int, string>();
            foreach (string kind in (string[])["png", "png big-endian", "png late", "webp", "webp prefixed"])
            {
                for (int orientation = 1; orientation <= 8; orientation++)
                {
                    data.Add(kind, orientation, expected[orientation - 1]);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Turned))]
    public void Decode_OrientationInPngOrWebP_IsApplied(string kind, int orientation, string expected)
    {
        byte[] exif = Exif(orientation, bigEndian: kind == "png big-endian");
        byte[] file = kind switch
        {
            "webp" => WebP(exif),
            "webp prefixed" => WebP([.. "Exif\0\0"u8, .. exif]),
            "png late" => Png(2, 3, 8, 2, Rows(), [], [.. Chunk("eXIf", exif)]),
            _ => Png(2, 3, 8, 2, Rows(), Chunk("eXIf", exif)),
        };
        ImageSource source = ImageSource.FromBytes(file);
        Assert.Equal(expected, Letters(source.Decode()));
        Assert.Equal("ab cd ef", Letters(source.Decode(new ImageDecodeOptions { Orientation = ExifOrientation.Ignore })));
    }

    [Theory]
    [InlineData("")]
    [InlineData("II")]
    [InlineData("49492A00FFFFFFFF")]
    [InlineData("49492A0008000000FFFF")]
    [InlineData("49492A00080000000100120103000100000009000000")]
    [InlineData("49492A00080000000100120104000100000006000000")]
    public void Decode_DamagedExifBlock_ShowsThePictureAsStored(string block)
    {
        byte[] exif = block.Length < 4 ? [.. block.Select(c => (byte)c)] : Convert.FromHexString(block);
        Assert.Equal("ab cd ef", Letters(ImageSource.FromBytes(Png(2, 3, 8, 2, Rows(), Chunk("eXIf", exif))).Decode()));
        Assert.Equal("ab cd ef", Letters(ImageSource.FromBytes(WebP(exif)).Decode()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_GreyOfSixteenBits_KeepsLevelsBelow256AndClipsTheRest(bool transparent)
    {
        int[] levels = [0, 1, 100, 255, 256, 257, 511, 65_535];
        byte[] row = [0, .. levels.SelectMany(level => (byte[])[(byte)(level >> 8), (byte)level])];
        RgbImage image = ImageSource.FromBytes(Png(levels.Length, 1, 16, 0, row, transparent ? Chunk("tRNS", [0, 100]) : [])).Decode();
        Assert.Equal(levels.SelectMany(level => Enumerable.Repeat((byte)Math.Min(level, 255), 3)), image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_TransparentGif_ShowsTheColorOfThePalette(bool ownPalette)
    {
        RgbImage image = ImageSource.FromBytes(Gif(0, [0, 1, 2, 3], transparent: 2, ownPalette)).Decode();
        Assert.Equal([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7], image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(null, new byte[] { 255, 0, 0, 0, 255, 0, 9, 8, 7, 255, 0, 0 })]
    [InlineData(2, new byte[] { 0, 0, 255, 0, 255, 0, 9, 8, 7, 0, 0, 255 })]
    public void Decode_GifWhoseFirstFrameIsSmaller_FillsTheRestAsPillowDoes(int? transparent, byte[] expected) =>
        Assert.Equal(expected, ImageSource.FromBytes(Gif(1, [1, 3], transparent, ownPalette: false)).Decode().Pixels.ToArray());

    [Fact]
    public void Decode_TransparentGifOnABackground_ShowsTheBackground()
    {
        var options = new ImageDecodeOptions { Background = new RgbColor(40, 50, 60) };
        RgbImage image = ImageSource.FromBytes(Gif(0, [0, 1, 2, 3], transparent: 2, ownPalette: false)).Decode(options);
        Assert.Equal([255, 0, 0, 0, 255, 0, 40, 50, 60, 9, 8, 7], image.Pixels.ToArray());
    }

    private static string Letters(RgbImage image)
    {
        string all = string.Concat(image.Pixels.ToArray().Chunk(3).Select(p => "abcdef"[Array.IndexOf(Colors, new SKColor(p[0], p[1], p[2]))]));
        return string.Join(' ', all.Chunk(image.Width).Select(row => new string(row)));
    }

    private static byte[] Rows() =>
        [.. Colors.Chunk(2).SelectMany(row => row.SelectMany(c => (byte[])[c.Red, c.Green, c.Blue]).Prepend((byte)0))];

    private static byte[] Exif(int orientation, bool bigEndian) => bigEndian
        ? [.. "MM\0*\0\0\0\u0008\0\u0001"u8, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0]
        : [.. "II*\0\u0008\0\0\0\u0001\0"u8, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Png(int width, int height, byte depth, byte type, byte[] rows, byte[] before, byte[]? behind = null)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, type);
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(rows);
        }

        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. before, .. Chunk("IDAT", packed.ToArray()), .. behind ?? [], .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. name.Select(c => (byte)c), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        uint sum = uint.MaxValue;
        foreach (byte one in chunk.AsSpan(4, content.Length + 4))
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), ~sum);
        return chunk;
    }

    private static byte[] WebP(byte[] exif)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2, 3, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int i = 0; i < Colors.Length; i++)
        {
            bitmap.SetPixel(i % 2, i / 2, Colors[i]);
        }

        using SKPixmap pixels = bitmap.PeekPixels();
        byte[] plain = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100)).ToArray();
        byte[] body = [.. RiffChunk("VP8X", [8, 0, 0, 0, 1, 0, 0, 2, 0, 0]), .. plain.AsSpan(12), .. RiffChunk("EXIF", exif)];
        return RiffChunk("RIFF", [.. "WEBP"u8, .. body]);
    }

    private static byte[] RiffChunk(string name, byte[] content)
    {
        byte[] chunk = [.. name.Select(c => (byte)c), 0, 0, 0, 0, .. content, .. content.Length % 2 == 1 ? (byte[])[0] : []];
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), content.Length);
        return chunk;
    }

    /// <summary>A canvas of 4x1 pixels with one frame on it.</summary>
    private static byte[] Gif(byte left, int[] frame, int? transparent, bool ownPalette)
    {
        byte[] palette = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7];
        byte[] global = ownPalette ? new byte[12] : palette;
        byte[] control = [0x21, 0xF9, 4, (byte)(transparent is null ? 0 : 1), 0, 0, (byte)(transparent ?? 0), 0];
        return
        [
            .. "GIF89a"u8, 4, 0, 1, 0, 0x81, 0, 0, .. global, 0x21, 0xFE, 2, 1, 2, 0, .. control,
            0x2C, left, 0, 0, 0, (byte)frame.Length, 0, 1, 0, (byte)(ownPalette ? 0x81 : 0), .. ownPalette ? palette : [], .. Packed(frame), 0x3B,
        ];
    }

    // Every color behind a clear code, so that all codes have three bits.
    private static byte[] Packed(int[] frame)
    {
        int[] codes = [.. frame.SelectMany(color => (int[])[4, color]), 5];
        bool[] bits = [.. codes.SelectMany(code => Enumerable.Range(0, 3).Select(bit => (code >> bit & 1) == 1))];
        byte[] bytes = [.. bits.Chunk(8).Select(eight => (byte)eight.Select((bit, i) => bit ? 1 << i : 0).Sum())];
        return [2, (byte)bytes.Length, .. bytes, 0];
    }
}
