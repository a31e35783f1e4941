using SkiaSharp;

namespace SceneWorld;

/// <summary>Many pictures on one, to look at.</summary>
public static class ContactSheet
{
    private const int Space = 6;

    /// <summary>Lays scenes out in rows, as large as they are drawn.</summary>
    /// <param name="scenes">The scenes, at least one.</param>
    /// <param name="columns">Pictures per row.</param>
    /// <returns>A PNG file's content.</returns>
    public static byte[] OfScenes(IReadOnlyList<Scene> scenes, int columns)
    {
        const int pitch = SceneLayout.PictureSize + Space;
        int rows = (scenes.Count + columns - 1) / columns;
        using var sheet = new SKBitmap((columns * pitch) + Space, (rows * pitch) + Space, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(SKColors.Gray);
        for (int i = 0; i < scenes.Count; i++)
        {
            using SKBitmap picture = SceneRenderer.Render(scenes[i]);
            canvas.DrawBitmap(picture, Space + (i % columns * pitch), Space + (i / columns * pitch));
        }

        return Encode(sheet);
    }

    /// <summary>Lays out every kind in every colour, one row per kind and pose.</summary>
    /// <param name="size">Pixels per object.</param>
    /// <returns>A PNG file's content.</returns>
    public static byte[] OfKinds(int size)
    {
        SceneColour[] colours = Enum.GetValues<SceneColour>();
        (ObjectKind Kind, SceneAction? Action)[] rows =
        [
            .. World.Kinds.SelectMany(facts => facts.IsAnimate
                ? facts.Actions.Select(action => (facts.Kind, (SceneAction?)action))
                : [(facts.Kind, null)]),
        ];
        int pitch = size + Space;
        const int blocks = 3;
        int perBlock = (rows.Length + blocks - 1) / blocks;
        int width = (blocks * colours.Length * pitch) + (Space * (blocks + 1));
        using var sheet = new SKBitmap(width, (perBlock * pitch) + Space, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(new SKColor(215, 215, 205));
        using var sketch = new Sketch(canvas);
        for (int row = 0; row < rows.Length; row++)
        {
            int left = Space + (row / perBlock * ((colours.Length * pitch) + Space));
            int top = Space + (row % perBlock * pitch);
            foreach (SceneColour colour in colours)
            {
                var group = new ObjectGroup(rows[row].Kind, 1, colour, default, rows[row].Action);
                ObjectPainter.Draw(sketch, group, new PixelBox(left + ((int)colour * pitch), top, size, size));
            }
        }

        return Encode(sheet);
    }

    private static byte[] Encode(SKBitmap sheet)
    {
        using SKData data = sheet.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
