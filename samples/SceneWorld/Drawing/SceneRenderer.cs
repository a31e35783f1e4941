using System.Collections.Concurrent;
using SkiaSharp;

namespace SceneWorld;

/// <summary>Draws scenes. Safe to use from several threads.</summary>
public static class SceneRenderer
{
    private static readonly ConcurrentDictionary<Setting, SKImage> Backgrounds = new();

    /// <summary>Draws a scene.</summary>
    /// <param name="scene">The scene.</param>
    /// <returns>A picture of 112 x 112 pixels, RGBA, opaque; the caller disposes it.</returns>
    public static SKBitmap Render(Scene scene)
    {
        var bitmap = NewBitmap();
        using var canvas = new SKCanvas(bitmap);
        canvas.DrawImage(Backgrounds.GetOrAdd(scene.Setting, Background), 0, 0);
        using var sketch = new Sketch(canvas);
        IReadOnlyList<IReadOnlyList<PixelBox>> boxes = SceneLayout.BoxesOf(scene);
        for (int i = 0; i < scene.Groups.Count; i++)
        {
            foreach (PixelBox box in boxes[i])
            {
                ObjectPainter.Draw(sketch, scene.Groups[i], box);
            }
        }

        return bitmap;
    }

    /// <summary>Draws a scene as plain bytes.</summary>
    /// <param name="scene">The scene.</param>
    /// <returns>112 x 112 x 3 bytes: rows from the top, pixels from the left, red, green, blue.</returns>
    public static byte[] RenderRgb(Scene scene)
    {
        using SKBitmap bitmap = Render(scene);
        ReadOnlySpan<byte> rgba = bitmap.GetPixelSpan();
        byte[] rgb = new byte[SceneLayout.PictureSize * SceneLayout.PictureSize * 3];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }

        return rgb;
    }

    /// <summary>Draws a scene as a PNG file's content.</summary>
    /// <param name="scene">The scene.</param>
    public static byte[] RenderPng(Scene scene)
    {
        using SKBitmap bitmap = Render(scene);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static SKImage Background(Setting setting)
    {
        using SKBitmap bitmap = NewBitmap();
        using var canvas = new SKCanvas(bitmap);
        SettingPainter.Draw(canvas, setting);
        return SKImage.FromBitmap(bitmap);
    }

    private static SKBitmap NewBitmap() =>
        new(SceneLayout.PictureSize, SceneLayout.PictureSize, SKColorType.Rgba8888, SKAlphaType.Opaque);
}
