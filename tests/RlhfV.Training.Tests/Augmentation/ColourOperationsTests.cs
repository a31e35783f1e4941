using RlhfV.Models.Images;
using RlhfV.Training.Augmentation;

namespace RlhfV.Training.Tests.Augmentation;

/// <summary>Every operation against levels worked out by hand from Pillow's definitions.</summary>
public class ColourOperationsTests
{
    private static readonly RgbImage Pixels = new(2, 1, [10, 100, 200, 250, 0, 50]);

    [Theory]
    [InlineData(1.5, new byte[] { 15, 150, 255, 255, 0, 75 })]
    [InlineData(0.25, new byte[] { 2, 25, 50, 62, 0, 12 })]
    [InlineData(1, new byte[] { 10, 100, 200, 250, 0, 50 })]
    public void Brightness_Factor_MultipliesLevelsAndCutsOff(double factor, byte[] expected) =>
        Assert.Equal(expected, ColourOperations.Brightness(Pixels, factor).Pixels);

    // Lumas 0.299 r + 0.587 g + 0.114 b are 84 and 80, their mean 82.
    [Theory]
    [InlineData(0, new byte[] { 82, 82, 82, 82, 82, 82 })]
    [InlineData(0.5, new byte[] { 46, 91, 141, 166, 41, 66 })]
    [InlineData(2, new byte[] { 0, 118, 255, 255, 0, 18 })]
    public void Contrast_Factor_MovesLevelsAgainstTheMeanLuma(double factor, byte[] expected) =>
        Assert.Equal(expected, ColourOperations.Contrast(Pixels, factor).Pixels);

    [Theory]
    [InlineData(0, new byte[] { 84, 84, 84, 80, 80, 80 })]
    [InlineData(0.5, new byte[] { 47, 92, 142, 165, 40, 65 })]
    [InlineData(1.5, new byte[] { 0, 108, 255, 255, 0, 35 })]
    public void Colour_Factor_MovesLevelsAgainstTheOwnLuma(double factor, byte[] expected) =>
        Assert.Equal(expected, ColourOperations.Colour(Pixels, factor).Pixels);

    [Fact]
    public void Sharpness_Spot_IsSmoothedOrRaisedAndTheBorderStays()
    {
        byte[] levels = [.. Enumerable.Repeat((byte)26, 27)];
        levels[12] = 130;
        var spot = new RgbImage(3, 3, levels);

        // The mean of the spot with its neighbours is (8 * 26 + 5 * 130) / 13 = 66.
        Assert.Equal(66, ColourOperations.Sharpness(spot, 0).Pixels[12]);
        Assert.Equal(98, ColourOperations.Sharpness(spot, 0.5).Pixels[12]);
        Assert.Equal(194, ColourOperations.Sharpness(spot, 2).Pixels[12]);
        Assert.All(ColourOperations.Sharpness(spot, 2).Pixels.ToArray().Where((_, i) => i != 12), level => Assert.Equal(26, level));
    }

    [Fact]
    public void Posterize_Bits_KeepsTheHighestOnes() =>
        Assert.Equal([0, 96, 192, 224, 0, 32], ColourOperations.Posterize(Pixels, 3).Pixels.ToArray());

    [Fact]
    public void Solarize_Threshold_InvertsFromThereOn() =>
        Assert.Equal([10, 155, 55, 5, 0, 50], ColourOperations.Solarize(Pixels, 100).Pixels.ToArray());

    [Fact]
    public void AutoContrast_Channels_AreStretchedApart() =>
        Assert.Equal([0, 255, 255, 255, 0, 0], ColourOperations.AutoContrast(Pixels).Pixels.ToArray());

    [Fact]
    public void AutoContrast_OneLevel_Stays() =>
        Assert.Equal([7, 8, 9], ColourOperations.AutoContrast(new RgbImage(1, 1, [7, 8, 9])).Pixels.ToArray());

    [Fact]
    public void Equalize_DarkPicture_UsesAllLevelsEquallyAndKeepsTheirOrder()
    {
        byte[] levels = [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => (byte)(i / 3 % 16))];

        byte[] result = ColourOperations.Equalize(new RgbImage(64, 64, levels)).Pixels.ToArray();

        // 16 levels of 256 pixels each; the step is (4096 - 256) / 255 = 15, so level k goes to (7 + 256 k) / 15.
        Assert.All(levels.Zip(result), pair => Assert.Equal(Math.Min(255, (7 + 256 * pair.First) / 15), pair.Second));
        Assert.Equal(255, result.Max());
    }

    [Fact]
    public void Equalize_FewPixels_Stays() => Assert.Equal(Pixels.Pixels, ColourOperations.Equalize(Pixels).Pixels);
}
