using RlhfV.Models.Images;
using SkiaSharp;

namespace RlhfV.Models.Tests.Images;

/// <summary>
/// Whatever is done to an encoded picture, decoding gives pixels or an <see cref="ImageFormatException"/>, and nothing else.
/// </summary>
public sealed class ImageDecoderFuzzTests
{
    private const int Rounds = 3000;

    private static readonly ImageDecodeOptions[] Options =
        [new() { MaxPixels = 1 << 18 }, new() { MaxPixels = 1 << 18, Orientation = ExifOrientation.Ignore, Background = new(1, 2, 3) }];

    public static TheoryData<string> Kinds =>
        ["png", "png-interlaced", "png-palette", "png-wide-grey", "jpeg", "webp", "webp-lossless", "gif", "bmp"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_MutatedPicture_GivesPixelsOrOurException(string kind)
    {
        byte[] original = Encode(kind);
        Assert.Equal((23, 17), Size(ImageSource.FromBytes(original).Decode()));
        var random = new Random(kind.Length);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] mutated = Mutate(original, random);
            if (kind.StartsWith("png") && random.Next(4) != 0)
            {
                // A wrong checksum would stop most mutations before they reach anything interesting.
                TestPng.FixChecksums(mutated);
            }

            try
            {
                var image = ImageSource.FromBytes(mutated, kind).Decode(Options[round % Options.Length]);
                Assert.Equal(3L * image.Width * image.Height, image.Pixels.Length);
            }
            catch (ImageFormatException error)
            {
                Assert.Contains(kind, error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, 1, Rounds);
    }

    private static (int, int) Size(RgbImage image) => (image.Width, image.Height);

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (int edits = random.Next(1, 6); edits > 0 && bytes.Count > 0; edits--)
        {
            // Headers hold most of what decoders trust, so they get half of the edits.
            int at = random.Next(2) == 0 ? random.Next(Math.Min(64, bytes.Count)) : random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = random.Next(2) == 0 ? (byte)0 : (byte)0xFF; break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 5: bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))); break;
                case 6: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes[at] += (byte)random.Next(-2, 3); break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Encode(string kind)
    {
        var image = TestPictures.Noise(23, 17);
        int[] levels = [.. image.Pixels.ToArray().Select(level => (int)level)];
        int[] greys = levels[..(23 * 17)];
        byte[] exif = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0];
        byte[] palette = [.. Enumerable.Range(0, 768).Select(i => (byte)(i * 7))];
        return kind switch
        {
            "png" => TestPng.Encode(23, 17, 2, 8, levels, false, ("eXIf", exif)),
            "png-interlaced" => TestPng.Encode(23, 17, 0, 4, [.. greys.Select(grey => grey & 15)], interlaced: true),
            "png-palette" => TestPng.Encode(23, 17, 3, 8, greys, false, ("PLTE", palette), ("tRNS", [0, 128])),
            "png-wide-grey" => TestPng.Encode(23, 17, 0, 16, greys),
            "jpeg" => TestPictures.Encode(image, SKEncodedImageFormat.Jpeg),
            "webp" => TestPictures.Encode(image, SKEncodedImageFormat.Webp, quality: 60),
            "webp-lossless" => TestPictures.Encode(image, SKEncodedImageFormat.Webp, quality: 100),
            "gif" => TestPictures.Gif(23, 17, palette, [.. greys.Select(grey => (byte)(grey & 127))], transparent: 3),
            _ => TestPictures.Bmp(image),
        };
    }
}
