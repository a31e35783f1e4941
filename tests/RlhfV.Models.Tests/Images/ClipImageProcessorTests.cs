using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class ClipImageProcessorTests
{
    private static readonly ClipImageProcessorOptions LevelsOnly =
        new() { ShortestEdge = null, CropSize = null, RescaleFactor = null, Mean = null, Std = null };

    [Fact]
    public void Process_CropLargerThanThePicture_PutsZerosAround()
    {
        var processor = new ClipImageProcessor(LevelsOnly with { CropSize = new(4, 3) });
        var image = new RgbImage(1, 5, [.. Enumerable.Range(1, 15).Select(level => (byte)level)]);

        var processed = processor.Process(image);

        // Rows 1 to 3 of five; the column lands behind the middle, as ceil((4 - 1) / 2) says.
        Assert.Equal([3, 3, 4], processed.Shape);
        Assert.Equal(
            [0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 10, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 11, 0, 0, 0, 6, 0, 0, 0, 9, 0, 0, 0, 12, 0],
            processed.Values);
    }

    [Fact]
    public void Process_PadColorGiven_FillsTheCanvasWithIt()
    {
        var processor = new ClipImageProcessor(LevelsOnly with { PadToSquare = true, PadColor = new(7, 8, 9) });

        var processed = processor.Process(new RgbImage(2, 1, [1, 2, 3, 4, 5, 6]));

        Assert.Equal([1, 4, 7, 7, 2, 5, 8, 8, 3, 6, 9, 9], processed.Values);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    [InlineData(70_000, 10)]
    public void Constructor_EdgeOutOfRange_Throws(int shortest, int crop) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            "options", () => new ClipImageProcessor(new() { ShortestEdge = shortest, CropSize = new(crop, 10) }));

    [Fact]
    public void Constructor_MeanWithoutDeviation_Throws() =>
        Assert.Throws<ArgumentException>(() => new ClipImageProcessor(new() { Std = null }));
}
