using RlhfV.Models.Architectures.Qwen25Vl;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Architectures.Qwen25Vl;

public sealed class MultimodalPositionsTests
{
    private const int Image = 9;

    [Fact]
    public void Of_Picture_StandsAtOneTimeAndTextGoesOnFromItsLongerSide()
    {
        // One text token, two rows of three image tokens, one text token.
        TokenPositions positions = MultimodalPositions.Of([1, .. Enumerable.Repeat(Image, 6), 2], [Picture(4, 6)], Image, merge: 2);
        Assert.Equal([1, 1, 1, 1, 1, 1], Axis(positions, 0).Skip(1).Take(6));
        Assert.Equal([1, 1, 1, 2, 2, 2], Axis(positions, 1).Skip(1).Take(6));
        Assert.Equal([1, 2, 3, 1, 2, 3], Axis(positions, 2).Skip(1).Take(6));
        Assert.Equal([4L, 4, 4], positions[7].ToArray());
        Assert.Equal(5, positions.Next);
    }

    [Fact]
    public void Of_TextAlone_Counts()
    {
        TokenPositions positions = MultimodalPositions.Of([5, 6, 7], [], Image, merge: 2);
        Assert.All(Enumerable.Range(0, 3), axis => Assert.Equal([0, 1, 2], Axis(positions, axis)));
    }

    [Fact]
    public void Of_PicturesSideBySide_DoNotShareTokens()
    {
        TokenPositions positions = MultimodalPositions.Of([.. Enumerable.Repeat(Image, 3)], [Picture(2, 4), Picture(2, 2)], Image, merge: 2);
        Assert.Equal([0, 0, 2], Axis(positions, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void Of_TokensThatDoNotFitThePictures_AreRefused(int tokens) => Assert.Contains(
        $"{tokens} image tokens",
        Assert.Throws<ArgumentException>(() => MultimodalPositions.Of([1, .. Enumerable.Repeat(Image, tokens), 2], [Picture(4, 4)], Image, 2)).Message,
        StringComparison.Ordinal);

    private static IEnumerable<long> Axis(TokenPositions positions, int axis) => Enumerable.Range(0, positions.Tokens).Select(i => positions[i][axis]);

    private static ProcessedImage Picture(int rows, int columns) => new() { Values = [], Shape = [rows * columns, 0], Grid = new(1, rows, columns) };
}
