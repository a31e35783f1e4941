using SkiaSharp;

namespace SceneWorld;

/// <summary>Draws what belongs in a living room, and the chair and the ball, which are at home everywhere.</summary>
internal static class LivingRoomThings
{
    public static void Sofa(Sketch s)
    {
        s.Box(10, 84, 20, 94, 0, Palette.Outline);
        s.Box(80, 84, 90, 94, 0, Palette.Outline);
        s.Box(12, 22, 88, 66, 10);
        s.Box(16, 54, 50, 84, 4);
        s.Box(50, 54, 84, 84, 4);
        s.Box(1, 42, 18, 86, 8);
        s.Box(82, 42, 99, 86, 8);
    }

    public static void Lamp(Sketch s)
    {
        s.Box(46, 40, 54, 90, 0, Palette.Metal);
        s.Oval(50, 92, 24, 6, Palette.Metal);
        s.Shape(null, 34, 4, 66, 4, 90, 48, 10, 48);
    }

    public static void Television(Sketch s)
    {
        s.Stroke(2f, Palette.Outline, 30, 96, 42, 80);
        s.Stroke(2f, Palette.Outline, 70, 96, 58, 80);
        s.Stroke(1.5f, Palette.Outline, 34, 2, 50, 18);
        s.Stroke(1.5f, Palette.Outline, 68, 2, 50, 18);
        s.Box(2, 18, 98, 82, 8);
        s.Box(14, 29, 86, 71, 5, Palette.Glass);
        s.Stroke(1.4f, SKColors.White, 26, 60, 46, 38);
    }

    public static void Book(Sketch s)
    {
        s.Box(22, 16, 88, 92, 2, SKColors.White);
        s.Stroke(1f, Palette.Metal, 24, 88, 86, 88);
        s.Box(12, 6, 80, 84, 3);
        s.Stroke(1.2f, Palette.Outline, 26, 6, 26, 84);
        s.Box(38, 20, 70, 40, 0, SKColors.White);
    }

    public static void Vase(Sketch s)
    {
        var stalk = new SKColor(40, 140, 60);
        s.Stroke(1.5f, stalk, 50, 50, 30, 18);
        s.Stroke(1.5f, stalk, 50, 50, 50, 10);
        s.Stroke(1.5f, stalk, 50, 50, 70, 18);
        var petal = new SKColor(255, 120, 180);
        s.Oval(28, 16, 10, 10, petal);
        s.Oval(72, 16, 10, 10, petal);
        s.Oval(50, 10, 10, 10, petal);
        s.Shape(null, 38, 44, 62, 44, 58, 54, 78, 70, 70, 97, 30, 97, 22, 70, 42, 54);
    }

    public static void Clock(Sketch s)
    {
        s.Oval(50, 50, 47, 47);
        s.Oval(50, 50, 33, 33, new SKColor(255, 250, 235));
        s.Stroke(1.8f, Palette.Outline, 50, 26, 50, 50, 66, 60);
    }

    public static void Chair(Sketch s)
    {
        s.Limb(7, null, 24, 60, 24, 94);
        s.Limb(7, null, 76, 60, 76, 94);
        s.Box(20, 2, 34, 62, 2);
        s.Box(20, 4, 34, 50, 2);
        s.Box(18, 52, 84, 66, 3);
    }

    public static void Ball(Sketch s)
    {
        SKColor stripe = s.Main == SKColors.White ? Palette.Metal : SKColors.White;
        s.Oval(50, 54, 40, 40);
        s.Stroke(1.8f, stripe, 22, 30, 46, 46, 54, 64, 78, 80);
        s.Stroke(1.8f, stripe, 74, 26, 56, 46, 44, 66, 24, 82);
        s.Ring(50, 54, 40, 40, 1.1f);
    }
}
