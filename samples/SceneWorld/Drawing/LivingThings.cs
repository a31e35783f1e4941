using SkiaSharp;

namespace SceneWorld;

/// <summary>Draws people and animals, one pose per action.</summary>
internal static class LivingThings
{
    private static readonly SKColor Skin = new(245, 200, 160);
    private static readonly SKColor Legs = new(90, 90, 100);

    public static void Person(Sketch s, SceneAction action)
    {
        switch (action)
        {
            case SceneAction.Sitting:
                s.Box(18, 70, 62, 98, 2, new SKColor(190, 150, 100));
                s.Limb(13, Legs, 42, 66, 72, 68, 72, 94);
                s.Limb(24, null, 42, 42, 42, 62);
                s.Limb(9, null, 44, 42, 66, 56);
                Head(s, 42, 16);
                break;
            case SceneAction.Running:
                s.Limb(11, Legs, 48, 62, 74, 72, 66, 94);
                s.Limb(11, Legs, 44, 62, 28, 80, 4, 78);
                s.Limb(22, null, 54, 38, 46, 58);
                s.Limb(8, null, 56, 36, 78, 50, 94, 38);
                s.Limb(8, null, 52, 36, 28, 42, 20, 58);
                Head(s, 62, 14);
                break;
            case SceneAction.Jumping:
                s.Limb(11, Legs, 45, 56, 22, 68, 30, 86);
                s.Limb(11, Legs, 55, 56, 78, 68, 70, 86);
                s.Limb(22, null, 50, 36, 50, 52);
                s.Limb(8, null, 44, 34, 16, 6);
                s.Limb(8, null, 56, 34, 84, 6);
                Head(s, 50, 14);
                s.Stroke(1.6f, Palette.Outline, 26, 98, 74, 98);
                break;
            default:
                s.Limb(11, Legs, 43, 66, 42, 94);
                s.Limb(11, Legs, 57, 66, 58, 94);
                s.Limb(24, null, 50, 40, 50, 60);
                s.Limb(8, null, 38, 38, 30, 64);
                s.Limb(8, null, 62, 38, 70, 64);
                Head(s, 50, 16);
                break;
        }
    }

    public static void Dog(Sketch s, SceneAction action)
    {
        switch (action)
        {
            case SceneAction.Sitting:
                s.Limb(7, null, 24, 84, 6, 70);
                s.Shape(null, 20, 94, 22, 70, 48, 40, 66, 48, 68, 94);
                s.Limb(8, null, 62, 60, 64, 92);
                DogHead(s, 60, 28);
                break;
            case SceneAction.Running:
                s.Limb(6, null, 18, 44, 2, 26);
                s.Limb(9, null, 24, 58, 2, 80);
                s.Limb(9, null, 30, 60, 18, 86);
                s.Limb(9, null, 62, 60, 84, 82);
                s.Limb(9, null, 58, 60, 98, 72);
                s.Oval(44, 52, 30, 15);
                DogHead(s, 76, 34);
                break;
            case SceneAction.Jumping:
                s.Turn(-38, 0.86f);
                s.Limb(6, null, 18, 50, 0, 40);
                s.Limb(9, null, 24, 62, 4, 84);
                s.Limb(9, null, 32, 64, 18, 90);
                s.Limb(9, null, 64, 60, 86, 76);
                s.Limb(9, null, 60, 62, 78, 86);
                s.Oval(44, 56, 30, 15);
                DogHead(s, 76, 38);
                break;
            case SceneAction.Sleeping:
                s.Limb(7, null, 12, 80, 2, 92, 30, 94);
                s.Oval(42, 76, 38, 20);
                DogHead(s, 76, 78);
                Snore(s, 70, 36);
                break;
            default:
                s.Limb(6, null, 18, 46, 4, 26);
                s.Limb(9, null, 24, 60, 24, 92);
                s.Limb(9, null, 62, 60, 62, 92);
                s.Oval(44, 52, 30, 17);
                DogHead(s, 76, 32);
                break;
        }
    }

    public static void Cat(Sketch s, SceneAction action)
    {
        switch (action)
        {
            case SceneAction.Sitting:
                s.Limb(7, null, 72, 90, 92, 82, 90, 56);
                s.Shape(null, 24, 96, 34, 52, 66, 52, 78, 96);
                CatHead(s, 50, 34);
                break;
            case SceneAction.Running:
                s.Limb(7, null, 20, 52, 4, 30, 16, 12);
                s.Limb(8, null, 24, 64, 4, 82);
                s.Limb(8, null, 32, 66, 20, 88);
                s.Limb(8, null, 62, 64, 84, 84);
                s.Limb(8, null, 56, 64, 96, 76);
                s.Oval(44, 58, 30, 14);
                CatHead(s, 76, 44);
                break;
            case SceneAction.Jumping:
                s.Turn(-38, 0.86f);
                s.Limb(7, null, 18, 54, 0, 36, 8, 20);
                s.Limb(8, null, 24, 62, 4, 84);
                s.Limb(8, null, 32, 66, 18, 90);
                s.Limb(8, null, 64, 62, 88, 78);
                s.Limb(8, null, 58, 64, 78, 90);
                s.Oval(44, 58, 30, 14);
                CatHead(s, 76, 42);
                break;
            default:
                s.Oval(50, 70, 46, 26);
                s.Limb(8, null, 90, 82, 60, 94, 28, 90);
                CatHead(s, 28, 66);
                Snore(s, 64, 28);
                break;
        }
    }

    public static void Bird(Sketch s, SceneAction action)
    {
        var beak = new SKColor(250, 140, 20);
        switch (action)
        {
            case SceneAction.Flying:
                s.Shape(null, 20, 54, 0, 44, 2, 68);
                s.Shape(null, 56, 46, 30, 2, 76, 40);
                s.Shape(null, 34, 62, 20, 98, 64, 62);
                s.Oval(46, 54, 30, 14);
                s.Shape(beak, 84, 44, 99, 50, 84, 54);
                s.Oval(76, 46, 12, 12);
                Eye(s, 78, 44);
                break;
            case SceneAction.Eating:
                s.Stroke(2f, beak, 40, 68, 40, 94);
                s.Stroke(2f, beak, 52, 68, 52, 94);
                s.Shape(null, 22, 44, 0, 18, 30, 26);
                s.Oval(44, 52, 28, 20);
                s.Shape(beak, 78, 78, 84, 96, 68, 84);
                s.Oval(72, 72, 13, 13);
                Eye(s, 75, 70);
                s.Oval(90, 95, 4, 4, new SKColor(120, 80, 30));
                s.Oval(74, 97, 3, 3, new SKColor(120, 80, 30));
                break;
            default:
                s.Stroke(2f, new SKColor(110, 75, 40), 4, 92, 96, 92);
                s.Stroke(2f, beak, 44, 78, 44, 92);
                s.Stroke(2f, beak, 56, 78, 56, 92);
                s.Shape(null, 30, 70, 8, 84, 14, 62);
                s.Oval(48, 58, 24, 24);
                s.Shape(beak, 72, 24, 92, 32, 72, 38);
                s.Oval(62, 30, 16, 16);
                Eye(s, 66, 27);
                break;
        }
    }

    private static void Head(Sketch s, float x, float y)
    {
        s.Oval(x, y, 13, 14, Skin);
        s.Shape(new SKColor(95, 60, 30), x - 13, y - 3, x - 9, y - 13, x + 9, y - 13, x + 13, y - 3);
    }

    private static void DogHead(Sketch s, float x, float y)
    {
        s.Oval(x + 13, y + 5, 10, 8);
        s.Oval(x, y, 15, 14);
        s.Oval(x - 10, y + 4, 6, 14);
        s.Oval(x + 21, y + 2, 3, 3, Palette.Outline, outlined: false);
        Eye(s, x + 4, y - 3);
    }

    private static void CatHead(Sketch s, float x, float y)
    {
        s.Shape(null, x - 19, y + 2, x - 17, y - 26, x - 2, y - 12);
        s.Shape(null, x + 19, y + 2, x + 17, y - 26, x + 2, y - 12);
        s.Oval(x, y, 20, 17);
        Eye(s, x - 8, y - 3);
        Eye(s, x + 8, y - 3);
        s.Oval(x, y + 5, 3, 3, new SKColor(255, 130, 150), outlined: false);
    }

    private static void Eye(Sketch s, float x, float y)
    {
        s.Oval(x, y, 4.5f, 4.5f, SKColors.White, outlined: false);
        s.Oval(x, y, 2.5f, 2.5f, SKColors.Black, outlined: false);
    }

    private static void Snore(Sketch s, float x, float y)
    {
        s.Stroke(1.6f, Palette.Outline, x, y - 12, x + 16, y - 12, x, y + 6, x + 16, y + 6);
        s.Stroke(1.4f, Palette.Outline, x + 20, y - 30, x + 30, y - 30, x + 20, y - 18, x + 30, y - 18);
    }
}
