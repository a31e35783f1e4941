using RlhfV.Models.Images;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>
/// Positions on three axes, time, row and column (Qwen2-VL, arXiv 2409.12191, section 2.1): text counts on all three alike; a picture stands
/// at one time, its tokens at their rows and columns, and what follows counts on from its longer side.
/// </summary>
internal static class MultimodalPositions
{
    private const int Axes = 3;

    /// <summary>Gives tokens their positions.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="images">The pictures whose image tokens they hold, in order.</param>
    /// <param name="imageToken">Id of the image token.</param>
    /// <param name="merge">Side of the block of patches behind one image token, patches.</param>
    /// <exception cref="ArgumentException">Image tokens and pictures disagree.</exception>
    public static TokenPositions Of(IReadOnlyList<int> ids, IReadOnlyList<ProcessedImage> images, long imageToken, int merge)
    {
        var values = new long[Axes * ids.Count];
        long next = 0;
        int picture = 0;
        for (int at = 0; at < ids.Count;)
        {
            if (ids[at] != imageToken)
            {
                Place(at++, next, next, next);
                next++;
                continue;
            }

            (int rows, int columns) = picture < images.Count
                ? (images[picture].Grid.Rows / merge, images[picture].Grid.Columns / merge)
                : throw Disagree();
            picture++;
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++, at++)
                {
                    if (at >= ids.Count || ids[at] != imageToken)
                    {
                        throw Disagree();
                    }

                    Place(at, next, next + row, next + column);
                }
            }

            next += Math.Max(rows, columns);
        }

        return picture == images.Count ? new TokenPositions(Axes, values) : throw Disagree();

        void Place(int token, long time, long row, long column) =>
            (values[Axes * token], values[(Axes * token) + 1], values[(Axes * token) + 2]) = (time, row, column);

        ArgumentException Disagree() => new(
            $"The token sequence has {ids.Count(id => id == imageToken)} image tokens; its {images.Count} pictures need "
            + $"{string.Join(" + ", images.Select(image => image.Grid.Rows / merge * (image.Grid.Columns / merge)))}. "
            + "Encode prompt and pictures with the same processor.", nameof(ids));
    }
}
