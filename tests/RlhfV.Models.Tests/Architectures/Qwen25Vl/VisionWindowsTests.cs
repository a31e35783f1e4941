using RlhfV.Models.Architectures.Qwen25Vl;

namespace RlhfV.Models.Tests.Architectures.Qwen25Vl;

public sealed class VisionWindowsTests
{
    [Fact]
    public void Of_CutsWindowsAtTheRightAndBottom()
    {
        VisionWindows windows = VisionWindows.Of(rows: 3, columns: 5, side: 2);

        // Two whole windows, one cut at the right, two at the bottom, one at both.
        Assert.Equal([new(2, 4), new(1, 2), new(2, 2), new(1, 1)], windows.Groups);
        Assert.Equal([0, 1, 5, 6, 2, 3, 7, 8, 4, 9, 10, 11, 12, 13, 14], windows.Order);
    }

    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(4, 4, 4)]
    [InlineData(1, 29, 4)]
    [InlineData(9, 2, 4)]
    [InlineData(7, 12, 1)]
    [InlineData(31, 18, 5)]
    public void Of_AnySize_HoldsEveryBlockOnceAndWindowsAreSquare(int rows, int columns, int side)
    {
        VisionWindows windows = VisionWindows.Of(rows, columns, side);
        Assert.Equal(Enumerable.Range(0, rows * columns).Select(i => (long)i), windows.Order.Order());
        int at = 0;
        foreach (VisionWindows.Group group in windows.Groups)
        {
            for (int window = 0; window < group.Windows; window++, at += group.Blocks)
            {
                long[] blocks = windows.Order[at..(at + group.Blocks)];
                Assert.Single(blocks.Select(b => (b / columns / side, b % columns / side)).Distinct());
                Assert.Equal(blocks.Order(), blocks);
            }
        }

        Assert.Equal(rows * columns, at);
    }
}
