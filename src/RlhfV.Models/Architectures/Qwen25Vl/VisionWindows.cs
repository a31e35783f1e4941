namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>
/// The attention windows of a picture: squares of blocks, anchored at the top left and cut off at the right and bottom edges. Windows of
/// equal shape are listed one after another, so that they attend side by side in one product and need no mask.
/// </summary>
internal sealed class VisionWindows
{
    private VisionWindows(long[] order, IReadOnlyList<Group> groups) => (Order, Groups) = (order, groups);

    /// <summary>The blocks window by window, each by its index in row order; inside a window row by row.</summary>
    public long[] Order { get; }

    /// <summary>Windows of equal shape, in the order of <see cref="Order"/>.</summary>
    public IReadOnlyList<Group> Groups { get; }

    /// <summary>Divides a picture.</summary>
    /// <param name="rows">Rows of blocks.</param>
    /// <param name="columns">Columns of blocks.</param>
    /// <param name="side">Side of a window, blocks.</param>
    public static VisionWindows Of(int rows, int columns, int side)
    {
        var order = new List<long>(rows * columns);
        var groups = new List<Group>();
        foreach (Band tall in Bands(rows, side))
        {
            foreach (Band wide in Bands(columns, side))
            {
                groups.Add(new Group(tall.Count * wide.Count, tall.Size * wide.Size));
                for (int top = tall.First; top < tall.End; top += tall.Size)
                {
                    for (int left = wide.First; left < wide.End; left += wide.Size)
                    {
                        AddWindow(top, left, tall.Size, wide.Size);
                    }
                }
            }
        }

        return new VisionWindows([.. order], groups);

        void AddWindow(int top, int left, int height, int width)
        {
            for (int row = top; row < top + height; row++)
            {
                for (int column = left; column < left + width; column++)
                {
                    order.Add(((long)row * columns) + column);
                }
            }
        }
    }

    /// <summary>The whole windows along an edge, and the rest if there is one.</summary>
    private static IEnumerable<Band> Bands(int length, int side)
    {
        (int whole, int rest) = Math.DivRem(length, side);
        if (whole > 0)
        {
            yield return new Band(0, whole, side);
        }

        if (rest > 0)
        {
            yield return new Band(whole * side, 1, rest);
        }
    }

    /// <summary>Windows of equal shape.</summary>
    /// <param name="Windows">How many.</param>
    /// <param name="Blocks">Blocks in each.</param>
    public readonly record struct Group(int Windows, int Blocks);

    private readonly record struct Band(int First, int Count, int Size)
    {
        public int End => First + (Count * Size);
    }
}
