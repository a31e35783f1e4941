namespace SceneWorld;

/// <summary>
/// A scene as numbers, for training a vision tower on what is there: labels per cell of a 7 x 7 grid (one cell is one 16 x 16 patch)
/// and counts
/// for the whole picture.
/// </summary>
public sealed class SceneTruth
{
    /// <summary>Cells along each side of the grid.</summary>
    public const int GridSize = 7;

    /// <summary>Pixels along each side of a cell.</summary>
    public const int CellSize = SceneLayout.PictureSize / GridSize;

    private const int SmallestShare = CellSize * CellSize / 5;

    private SceneTruth(int[] kinds, int[] colours, int[] actions, bool[] anchors, int[] counts, int[] cells, int setting)
    {
        CellKinds = kinds;
        CellColours = colours;
        CellActions = actions;
        CellAnchors = anchors;
        KindCounts = counts;
        KindPlaces = cells;
        SettingIndex = setting;
    }

    /// <summary>Kind per cell in row-major order, 49 numbers: 0 for nothing, otherwise 1 + <see cref="ObjectKind"/>.</summary>
    public IReadOnlyList<int> CellKinds { get; }

    /// <summary>Colour per cell, 49 numbers: 0 for nothing, otherwise 1 + <see cref="SceneColour"/>.</summary>
    public IReadOnlyList<int> CellColours { get; }

    /// <summary>Action per cell, 49 numbers: 0 for nothing or a thing, otherwise 1 + <see cref="SceneAction"/>.</summary>
    public IReadOnlyList<int> CellActions { get; }

    /// <summary>49 flags: true in the one cell that holds the middle of a group's first object.</summary>
    public IReadOnlyList<bool> CellAnchors { get; }

    /// <summary>How many objects of each kind the picture shows, one number from 0 to 4 per kind.</summary>
    public IReadOnlyList<int> KindCounts { get; }

    /// <summary>Where each kind stands, one number per kind: 0 when absent, otherwise 1 + 3 x column + row.</summary>
    public IReadOnlyList<int> KindPlaces { get; }

    /// <summary>The setting's number.</summary>
    public int SettingIndex { get; }

    /// <summary>Works out the truth of a scene.</summary>
    /// <param name="scene">The scene.</param>
    public static SceneTruth Of(Scene scene)
    {
        const int cells = GridSize * GridSize;
        var (kinds, colours, actions) = (new int[cells], new int[cells], new int[cells]);
        var (shares, anchors) = (new int[cells], new bool[cells]);
        var (counts, places) = (new int[World.KindCount], new int[World.KindCount]);
        IReadOnlyList<IReadOnlyList<PixelBox>> boxes = SceneLayout.BoxesOf(scene);
        for (int g = 0; g < scene.Groups.Count; g++)
        {
            ObjectGroup group = scene.Groups[g];
            counts[(int)group.Kind] = group.Count;
            places[(int)group.Kind] = 1 + (3 * (int)group.Place.Column) + (int)group.Place.Row;
            PixelBox first = boxes[g][0];
            anchors[((first.Y + (first.Height / 2)) / CellSize * GridSize) + ((first.X + (first.Width / 2)) / CellSize)] = true;
            for (int cell = 0; cell < cells; cell++)
            {
                var area = new PixelBox(cell % GridSize * CellSize, cell / GridSize * CellSize, CellSize, CellSize);
                int share = boxes[g].Sum(area.Overlap);
                if (share > shares[cell] && share >= SmallestShare)
                {
                    shares[cell] = share;
                    kinds[cell] = 1 + (int)group.Kind;
                    colours[cell] = 1 + (int)group.Colour;
                    actions[cell] = group.Action is { } action ? 1 + (int)action : 0;
                }
            }
        }

        return new SceneTruth(kinds, colours, actions, anchors, counts, places, (int)scene.Setting);
    }
}
