using SkiaSharp;

namespace SceneWorld;

/// <summary>Draws what belongs in a bathroom.</summary>
internal static class BathroomThings
{
    public static void Bathtub(Sketch s)
    {
        s.Stroke(2.6f, Palette.Metal, 14, 46, 14, 18, 28, 18, 28, 26);
        s.Oval(60, 42, 12, 9, SKColors.White);
        s.Oval(78, 42, 10, 8, SKColors.White);
        s.Oval(42, 44, 9, 7, SKColors.White);
        s.Shape(null, 3, 48, 97, 48, 88, 84, 78, 88, 22, 88, 12, 84);
        s.Box(0, 44, 100, 54, 4);
        s.Box(18, 88, 28, 97, 2, Palette.Metal);
        s.Box(72, 88, 82, 97, 2, Palette.Metal);
    }

    public static void Toilet(Sketch s)
    {
        s.Box(14, 4, 42, 56, 4);
        s.Shape(null, 36, 62, 84, 62, 66, 82, 68, 97, 34, 97);
        s.Oval(60, 58, 32, 12);
        s.Oval(60, 57, 20, 6, Palette.Glass);
        s.Oval(24, 14, 4, 4, Palette.Metal);
    }

    public static void Towel(Sketch s)
    {
        s.Stroke(2.4f, Palette.Metal, 4, 12, 96, 12);
        s.Box(20, 8, 80, 94, 2);
        s.Stroke(2f, s.Main.Red > 240 && s.Main.Green > 200 ? Palette.Metal : SKColors.White, 22, 74, 78, 74);
        s.Stroke(2f, s.Main.Red > 240 && s.Main.Green > 200 ? Palette.Metal : SKColors.White, 22, 82, 78, 82);
    }

    public static void Mirror(Sketch s)
    {
        s.Oval(50, 50, 36, 48);
        s.Oval(50, 50, 24, 35, Palette.Glass);
        s.Stroke(1.5f, SKColors.White, 42, 64, 56, 34);
        s.Stroke(1.5f, SKColors.White, 52, 68, 60, 50);
    }

    public static void Toothbrush(Sketch s)
    {
        s.Turn(40);
        s.Box(44, -8, 56, 108, 5);
        s.Box(56, -6, 72, 24, 1, SKColors.White);
        s.Stroke(1f, Palette.Metal, 57, 2, 71, 2);
        s.Stroke(1f, Palette.Metal, 57, 9, 71, 9);
        s.Stroke(1f, Palette.Metal, 57, 16, 71, 16);
    }

    public static void Bucket(Sketch s)
    {
        s.Ring(50, 36, 36, 32, 1.6f, Palette.Outline);
        s.Shape(null, 10, 36, 90, 36, 74, 96, 26, 96);
        s.Oval(50, 36, 40, 9, Palette.Glass);
    }
}
