namespace SceneWorld;

/// <summary>Where each object of a scene is drawn: whole pixels, decided by the scene alone.</summary>
public static class SceneLayout
{
    /// <summary>Width and height of a picture in pixels.</summary>
    public const int PictureSize = 112;

    private const int ColumnWidth = PictureSize / 2;
    private const int Gap = 2;
    private const int LargestObject = 44;

    /// <summary>The boxes of every object of every group.</summary>
    /// <param name="scene">The scene.</param>
    /// <returns>One list per group, in the order of <see cref="Scene.Groups"/>, with one box per object.</returns>
    public static IReadOnlyList<IReadOnlyList<PixelBox>> BoxesOf(Scene scene)
    {
        var random = new SceneRandom(scene.Seed, stream: 2);
        var boxes = new PixelBox[scene.Groups.Count][];
        for (int i = 0; i < boxes.Length; i++)
        {
            ObjectGroup group = scene.Groups[i];
            int neighbours = scene.Groups.Count(other => other.Place.Column == group.Place.Column);
            boxes[i] = Arrange(group.Count, CellOf(group.Place, neighbours), random);
        }

        return boxes;
    }

    private static PixelBox CellOf(Place place, int groupsInColumn)
    {
        int x = place.Column == SceneColumn.Left ? 0 : ColumnWidth;
        if (groupsInColumn == 3)
        {
            int top = (int)place.Row * PictureSize / 3;
            return new PixelBox(x, top, ColumnWidth, (((int)place.Row + 1) * PictureSize / 3) - top);
        }

        const int half = PictureSize / 2;
        return new PixelBox(x, (int)place.Row * half / 2, ColumnWidth, half);
    }

    private static PixelBox[] Arrange(int count, PixelBox cell, SceneRandom random)
    {
        // Low cells (three rows in a column) hold three objects side by side, high ones as a triangle.
        bool low = cell.Height < ColumnWidth;
        int columns = count switch { 1 => 1, 3 when low => 3, _ => 2 };
        int rows = count switch { 1 or 2 => 1, 3 when low => 1, _ => 2 };
        int size = Math.Min(Math.Min(cell.Width / columns, cell.Height / rows) - Gap, LargestObject);

        int freeX = cell.Width - (columns * (size + Gap));
        int freeY = cell.Height - (rows * (size + Gap));
        int shiftX = random.Next(Math.Max(0, freeX) + 1);
        int shiftY = random.Next(Math.Max(0, freeY) + 1);

        var boxes = new PixelBox[count];
        for (int i = 0; i < count; i++)
        {
            int row = i / columns;
            int inRow = Math.Min(columns, count - (row * columns));
            int indent = (columns - inRow) * (size + Gap) / 2;
            int x = cell.X + shiftX + indent + (i % columns * (size + Gap)) + (Gap / 2);
            int y = cell.Y + shiftY + (row * (size + Gap)) + (Gap / 2);
            boxes[i] = new PixelBox(x, y, size, size);
        }

        return boxes;
    }
}
