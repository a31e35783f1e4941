using SkiaSharp;

namespace SceneWorld;

/// <summary>Draws what belongs on a street.</summary>
internal static class StreetThings
{
    public static void Car(Sketch s)
    {
        s.Shape(null, 1, 52, 20, 48, 34, 24, 70, 24, 84, 48, 99, 54, 99, 76, 1, 76);
        s.Shape(Palette.Glass, 30, 46, 38, 31, 50, 31, 50, 46);
        s.Shape(Palette.Glass, 55, 46, 55, 31, 67, 31, 75, 46);
        Wheel(s, 25, 76, 14);
        Wheel(s, 76, 76, 14);
    }

    public static void Bus(Sketch s)
    {
        s.Box(2, 10, 98, 84, 7);
        for (int i = 0; i < 4; i++)
        {
            s.Box(9 + (22 * i), 20, 26 + (22 * i), 44, 2, Palette.Glass);
        }

        s.Stroke(1.2f, Palette.Metal, 4, 58, 96, 58);
        Wheel(s, 26, 84, 13);
        Wheel(s, 74, 84, 13);
    }

    public static void Bicycle(Sketch s)
    {
        Tyre(s, 22, 68);
        Tyre(s, 78, 68);
        s.Limb(8, null, 22, 68, 36, 34, 68, 34, 50, 68, 22, 68);
        s.Limb(8, null, 50, 68, 36, 34);
        s.Limb(8, null, 78, 68, 66, 22);
        s.Stroke(2.2f, Palette.Outline, 58, 18, 76, 20);
        s.Stroke(2.6f, Palette.Outline, 26, 28, 44, 28);
    }

    public static void Tree(Sketch s)
    {
        s.Box(42, 58, 58, 98, 1, new SKColor(130, 85, 45));
        s.Oval(28, 46, 24, 21);
        s.Oval(72, 46, 24, 21);
        s.Oval(50, 26, 27, 24);
        s.Oval(50, 44, 32, 20, null, outlined: false);
    }

    public static void Bench(Sketch s)
    {
        s.Stroke(2f, Palette.Outline, 16, 50, 16, 94);
        s.Stroke(2f, Palette.Outline, 84, 50, 84, 94);
        s.Box(4, 20, 96, 32, 2);
        s.Box(4, 38, 96, 50, 2);
        s.Box(0, 60, 100, 74, 2);
    }

    public static void Sign(Sketch s)
    {
        s.Box(45, 50, 55, 99, 0, Palette.Metal);
        s.Shape(null, 50, 1, 86, 33, 50, 65, 14, 33);
        s.Stroke(2f, s.Main.Red > 200 && s.Main.Green > 200 ? Palette.Outline : SKColors.White, 38, 36, 62, 36);
        s.Stroke(2f, s.Main.Red > 200 && s.Main.Green > 200 ? Palette.Outline : SKColors.White, 54, 27, 63, 36, 54, 45);
    }

    private static void Wheel(Sketch s, float x, float y, float radius)
    {
        s.Oval(x, y, radius, radius, Palette.Outline);
        s.Oval(x, y, radius * 0.45f, radius * 0.45f, Palette.Metal, outlined: false);
    }

    private static void Tyre(Sketch s, float x, float y) => s.Ring(x, y, 20, 20, 1.8f, Palette.Outline);
}
