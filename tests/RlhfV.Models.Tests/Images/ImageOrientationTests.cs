using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class ImageOrientationTests
{
    /// <summary>The picture abc over def, and how it stands upright for each orientation (TIFF 6.0, tag 274).</summary>
    [Theory]
    [InlineData(0, "abc def")]
    [InlineData(1, "abc def")]
    [InlineData(2, "cba fed")]
    [InlineData(3, "fed cba")]
    [InlineData(4, "def abc")]
    [InlineData(5, "ad be cf")]
    [InlineData(6, "da eb fc")]
    [InlineData(7, "fc eb da")]
    [InlineData(8, "cf be ad")]
    [InlineData(9, "abc def")]
    public void Apply_EachOrientation_TurnsAndMirrors(int orientation, string expected)
    {
        var image = Picture("abc def");

        var turned = ImageOrientation.Apply(image, orientation);

        Assert.Equal(Picture(expected).Pixels, turned.Pixels);
        Assert.Equal((Picture(expected).Width, Picture(expected).Height), (turned.Width, turned.Height));
    }

    private static RgbImage Picture(string rows)
    {
        string[] lines = rows.Split(' ');
        return new(lines[0].Length, lines.Length, [.. lines.SelectMany(line => line).SelectMany(letter => (byte[])[(byte)letter, 1, 2])]);
    }
}
