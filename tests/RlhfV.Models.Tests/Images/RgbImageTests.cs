using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class RgbImageTests
{
    [Fact]
    public void Constructor_LevelsDoNotFitTheSize_NamesBoth()
    {
        var error = Assert.Throws<ArgumentException>("pixels", () => new RgbImage(2, 3, new byte[17]));

        Assert.Contains("2x3 pixels has 18 levels, the array holds 17", error.Message);
    }

    [Theory]
    [InlineData(0, 1, "width")]
    [InlineData(1, -1, "height")]
    public void Constructor_SizeBelowOne_Throws(int width, int height, string parameter) =>
        Assert.Throws<ArgumentOutOfRangeException>(parameter, () => new RgbImage(width, height, []));
}
