using System.Security.Cryptography;
using RlhfV.Models.Images;
using SkiaSharp;

namespace RlhfV.Models.Tests.Images;

public sealed class ImageSourceTests
{
    [Fact]
    public void FromFile_MissingFile_ThrowsWhenDecoded()
    {
        var source = ImageSource.FromFile(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString()));

        Assert.Throws<FileNotFoundException>(() => source.Decode());
        Assert.Throws<FileNotFoundException>(source.ContentHash);
    }

    [Fact]
    public void ContentHash_OfFileAndOfItsBytes_IsTheSha256OfTheBytes()
    {
        byte[] encoded = TestPictures.Encode(TestPictures.Noise(5, 4), SKEncodedImageFormat.Png);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, encoded);

            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(encoded)), ImageSource.FromBytes(encoded).ContentHash());
            Assert.Equal(ImageSource.FromBytes(encoded).ContentHash(), ImageSource.FromFile(path).ContentHash());
            Assert.Equal(TestPictures.Noise(5, 4).Pixels, ImageSource.FromFile(path).Decode().Pixels);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ContentHash_OfPixels_TellsSizesApart()
    {
        byte[] levels = [1, 2, 3, 4, 5, 6];

        Assert.NotEqual(Hash(2, 1, levels), Hash(1, 2, levels));
        Assert.Equal(Hash(2, 1, levels), Hash(2, 1, [.. levels]));
        Assert.NotEqual(Hash(2, 1, levels), Hash(2, 1, [.. levels.Reverse()]));
    }

    private static string Hash(int width, int height, byte[] levels) =>
        ImageSource.FromRgb(new RgbImage(width, height, levels)).ContentHash();

    [Fact]
    public void Name_OfEachKind_IsWhatMessagesSay()
    {
        Assert.Equal("some/path.png", ImageSource.FromFile("some/path.png").Name);
        Assert.Equal("row 3", ImageSource.FromBytes(default, "row 3").Name);
        Assert.Equal("picture", ImageSource.FromRgb(TestPictures.Noise(1, 1)).Name);
    }
}
