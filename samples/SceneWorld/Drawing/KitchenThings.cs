using SkiaSharp;

namespace SceneWorld;

/// <summary>Draws what belongs in a kitchen.</summary>
internal static class KitchenThings
{
    public static void Cup(Sketch s)
    {
        s.Ring(76, 52, 16, 17, 4.2f);
        s.Ring(76, 52, 16, 17, 2.4f, s.Main);
        s.Shape(null, 12, 18, 74, 18, 68, 88, 18, 88);
        s.Oval(43, 18, 31, 9, new SKColor(110, 70, 40));
    }

    public static void Plate(Sketch s)
    {
        s.Oval(50, 50, 48, 48);
        s.Oval(50, 50, 30, 30);
    }

    public static void Pot(Sketch s)
    {
        s.Box(1, 42, 99, 52, 4, Palette.Metal);
        s.Box(14, 36, 86, 92, 9);
        s.Shape(null, 12, 36, 24, 22, 76, 22, 88, 36);
        s.Oval(50, 17, 8, 6, Palette.Metal);
    }

    public static void Kettle(Sketch s)
    {
        s.Ring(50, 34, 30, 28, 2.6f, Palette.Outline);
        s.Shape(null, 72, 52, 98, 30, 99, 42, 80, 74);
        s.Shape(null, 34, 32, 66, 32, 86, 92, 14, 92);
        s.Oval(50, 30, 17, 6);
    }

    public static void Apple(Sketch s)
    {
        s.Stroke(2f, new SKColor(110, 70, 30), 50, 30, 56, 6);
        s.Oval(35, 60, 31, 34);
        s.Oval(65, 60, 31, 34);
        s.Oval(50, 60, 32, 30, null, outlined: false);
        s.Shape(new SKColor(60, 180, 60), 56, 20, 76, 4, 88, 12, 72, 24);
    }

    public static void Fridge(Sketch s)
    {
        s.Box(22, 2, 78, 98, 5);
        s.Stroke(1.3f, Palette.Metal, 22, 36, 78, 36);
        s.Stroke(1.8f, Palette.Metal, 68, 14, 68, 28);
        s.Stroke(1.8f, Palette.Metal, 68, 44, 68, 66);
    }
}
