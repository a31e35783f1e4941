using RlhfV.Models.Grounding;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Grounding;

public sealed class BlankImageTests
{
    [Fact]
    public void Of_Planes_TakesTheMeanOfEachChannel() =>
        Assert.Equal([2, 2, 20, 20, 200, 200], Blank([1, 3, 10, 30, 100, 300], 3, 1, 2));

    [Fact]
    public void Of_Frames_TakesTheMeanOverAllFrames() =>
        Assert.Equal([2, 20, 200, 2, 20, 200], Blank([1, 10, 100, 3, 30, 300], 2, 3, 1, 1));

    [Fact]
    public void Of_Patches_TakesTheMeanOverAllPatches() =>
        Assert.Equal(
            [2.5f, 2.5f, 25, 25, 250, 250, 2.5f, 2.5f, 25, 25, 250, 250],
            Blank([1, 2, 10, 20, 100, 200, 3, 4, 30, 40, 300, 400], 2, 6));

    [Fact]
    public void Of_AnyPicture_KeepsShapeGridAndTheOriginal()
    {
        var image = new ProcessedImage { Values = [1, 2, 3, 4, 5, 6], Shape = [3, 1, 2], Grid = new ImageGrid(1, 2, 3) };
        ProcessedImage blank = BlankImage.Of(image);
        Assert.Equal((image.Shape, image.Grid), (blank.Shape, blank.Grid));
        Assert.Equal([1, 2, 3, 4, 5, 6], image.Values);
    }

    private static float[] Blank(float[] values, params long[] shape) => BlankImage.Of(new ProcessedImage { Values = values, Shape = shape }).Values;
}
