using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>
/// Fits the patches' position table to another picture size, as the official code does when it loads a tower
/// (<c>interpolate_pos_embed</c> of thunlp/Muffin): the first three rows stay (two unused, the class token), the others are a square grid
/// that is resized bicubically, a = -0.75, half-pixel centres, borders repeated, without antialiasing.
/// </summary>
internal static class Beit3Positions
{
    private const long Kept = Beit3Tower.UnusedPositions + 1;

    /// <summary>Rows of a table.</summary>
    /// <param name="grid">The side of its grid.</param>
    public static long RowsOf(long grid) => Kept + (grid * grid);

    /// <summary>The side of a table's grid, or null when it holds none.</summary>
    /// <param name="rows">Rows of the table.</param>
    public static long? GridOf(long rows)
    {
        long grid = (long)Math.Round(Math.Sqrt(Math.Max(0, rows - Kept)));
        return grid > 0 && grid * grid == rows - Kept ? grid : null;
    }

    /// <summary>Resizes a table.</summary>
    /// <param name="table">The table, <c>[3 + n * n, width]</c>, fp32.</param>
    /// <param name="grid">m, the side of the grid wanted.</param>
    /// <returns>A new table, <c>[3 + m * m, width]</c>.</returns>
    public static Tensor Resize(Tensor table, long grid)
    {
        using var scope = NewDisposeScope();
        long width = table.shape[1];
        long old = GridOf(table.shape[0]) ?? throw new ArgumentException(
            $"The position table has {table.shape[0]} rows; expected 3 and a square number.", nameof(table));
        Tensor plane = table.narrow(0, Kept, old * old).view(1, old, old, width).permute(0, 3, 1, 2);      // [1, width, n, n]
        Tensor resized = nn.functional.interpolate(plane, [grid, grid], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([table.narrow(0, 0, Kept), resized.permute(0, 2, 3, 1).reshape(grid * grid, width)], 0).MoveToOuterDisposeScope();
    }
}
