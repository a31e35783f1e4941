using SkiaSharp;

namespace SceneWorld;

/// <summary>Draws the empty room or street behind the objects, in pale colours that none of the objects has.</summary>
internal static class SettingPainter
{
    private const int Size = SceneLayout.PictureSize;

    /// <summary>Draws a background over the whole picture.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="setting">Which one.</param>
    public static void Draw(SKCanvas canvas, Setting setting)
    {
        using var paint = new SKPaint { IsAntialias = false };
        switch (setting)
        {
            case Setting.Kitchen:
                Fill(canvas, paint, 0, Size, new SKColor(250, 236, 205));
                for (int y = 0; y < 64; y += 8)
                {
                    Line(canvas, paint, 0, y, Size, y, new SKColor(240, 222, 185));
                }

                Fill(canvas, paint, 64, Size, new SKColor(222, 196, 160));
                for (int x = 0; x < Size; x += 28)
                {
                    Line(canvas, paint, x, 66, x, Size, new SKColor(205, 178, 142));
                }

                break;
            case Setting.Street:
                Fill(canvas, paint, 0, Size, new SKColor(196, 228, 248));
                Fill(canvas, paint, 52, Size, new SKColor(205, 225, 190));
                Fill(canvas, paint, 72, Size, new SKColor(170, 172, 178));
                for (int x = 6; x < Size; x += 24)
                {
                    Line(canvas, paint, x, 92, x + 12, 92, new SKColor(240, 240, 240), 2);
                }

                break;
            case Setting.LivingRoom:
                Fill(canvas, paint, 0, Size, new SKColor(244, 220, 222));
                for (int x = 4; x < Size; x += 12)
                {
                    Line(canvas, paint, x, 0, x, 70, new SKColor(236, 206, 210), 3);
                }

                Fill(canvas, paint, 70, Size, new SKColor(206, 172, 150));
                Line(canvas, paint, 0, 70, Size, 70, new SKColor(180, 145, 125), 2);
                break;
            case Setting.Bathroom:
                Fill(canvas, paint, 0, Size, new SKColor(208, 240, 236));
                for (int i = 0; i <= Size; i += 14)
                {
                    Line(canvas, paint, 0, i, Size, i, new SKColor(182, 222, 218));
                    Line(canvas, paint, i, 0, i, Size, new SKColor(182, 222, 218));
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(setting), setting, "No background for this setting.");
        }
    }

    private static void Fill(SKCanvas canvas, SKPaint paint, int top, int bottom, SKColor colour)
    {
        paint.Color = colour;
        canvas.DrawRect(0, top, Size, bottom - top, paint);
    }

    private static void Line(SKCanvas canvas, SKPaint paint, int x0, int y0, int x1, int y1, SKColor colour, int width = 1)
    {
        paint.Color = colour;
        canvas.DrawRect(x0, y0, Math.Max(width, x1 - x0), Math.Max(width, y1 - y0), paint);
    }
}
