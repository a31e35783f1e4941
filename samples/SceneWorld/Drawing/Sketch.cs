using SkiaSharp;

namespace SceneWorld;

/// <summary>
/// A pen for one object. Its coordinates run from 0 to 100 across the object's box, whatever its size in pixels; outlines keep the same
/// width in pixels.
/// </summary>
internal sealed class Sketch : IDisposable
{
    private readonly SKCanvas _canvas;
    private readonly SKPaint _fill = new() { IsAntialias = true, Style = SKPaintStyle.Fill };
    private readonly SKPaint _line = new()
    {
        IsAntialias = true,
        Style = SKPaintStyle.Stroke,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };

    private float _pixel = 1;

    /// <summary>Makes a pen.</summary>
    /// <param name="canvas">Where it draws.</param>
    public Sketch(SKCanvas canvas) => _canvas = canvas;

    /// <summary>The object's own colour.</summary>
    public SKColor Main { get; private set; }

    /// <summary>Moves to an object's box and takes its colour.</summary>
    /// <param name="box">The box in pixels.</param>
    /// <param name="main">The object's colour.</param>
    public void Begin(PixelBox box, SKColor main)
    {
        Main = main;
        _pixel = 100f / box.Width;
        _canvas.Save();
        _canvas.Translate(box.X, box.Y);
        _canvas.Scale(box.Width / 100f, box.Height / 100f);
    }

    /// <summary>Leaves the object's box.</summary>
    public void End() => _canvas.Restore();

    /// <summary>
    /// Turns the following strokes about the middle of the box and makes them smaller, so that they stay in it; undone by <see
    /// cref="End"/>.
    /// </summary>
    /// <param name="degrees">Clockwise.</param>
    /// <param name="scale">1 for no change.</param>
    public void Turn(float degrees, float scale = 1)
    {
        _canvas.RotateDegrees(degrees, 50, 50);
        _canvas.Scale(scale, scale, 50, 50);
    }

    /// <summary>A rectangle with rounded corners.</summary>
    public void Box(float left, float top, float right, float bottom, float round = 0, SKColor? colour = null, bool outlined = true)
    {
        var rect = new SKRect(left, top, right, bottom);
        _canvas.DrawRoundRect(rect, round, round, Fill(colour));
        if (outlined)
        {
            _canvas.DrawRoundRect(rect, round, round, Line(1.1f, null));
        }
    }

    /// <summary>An ellipse.</summary>
    public void Oval(float x, float y, float radiusX, float radiusY, SKColor? colour = null, bool outlined = true)
    {
        _canvas.DrawOval(x, y, radiusX, radiusY, Fill(colour));
        if (outlined)
        {
            _canvas.DrawOval(x, y, radiusX, radiusY, Line(1.1f, null));
        }
    }

    /// <summary>An empty ring.</summary>
    public void Ring(float x, float y, float radiusX, float radiusY, float pixels, SKColor? colour = null) =>
        _canvas.DrawOval(x, y, radiusX, radiusY, Line(pixels, colour));

    /// <summary>A closed shape through the given points (x, y, x, y ..).</summary>
    public void Shape(SKColor? colour, params ReadOnlySpan<float> points)
    {
        using SKPath path = PathOf(points, close: true);
        _canvas.DrawPath(path, Fill(colour));
        _canvas.DrawPath(path, Line(1.1f, null));
    }

    /// <summary>An open stroke through the given points; the width is in pixels of the picture, at least, and grows with the box.</summary>
    public void Stroke(float pixels, SKColor? colour, params ReadOnlySpan<float> points)
    {
        using SKPath path = PathOf(points, close: false);
        _canvas.DrawPath(path, Line(pixels, colour));
    }

    /// <summary>A limb: a thick stroke in the given colour with an outline around it.</summary>
    public void Limb(float width, SKColor? colour, params ReadOnlySpan<float> points)
    {
        using SKPath path = PathOf(points, close: false);
        _line.StrokeWidth = width + (1.6f * _pixel);
        _line.Color = Palette.Outline;
        _canvas.DrawPath(path, _line);
        _line.StrokeWidth = width;
        _line.Color = colour ?? Main;
        _canvas.DrawPath(path, _line);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fill.Dispose();
        _line.Dispose();
    }

    private SKPaint Fill(SKColor? colour)
    {
        _fill.Color = colour ?? Main;
        return _fill;
    }

    private SKPaint Line(float pixels, SKColor? colour)
    {
        _line.StrokeWidth = pixels * _pixel;
        _line.Color = colour ?? Palette.Outline;
        return _line;
    }

    private static SKPath PathOf(ReadOnlySpan<float> points, bool close)
    {
        var path = new SKPath();
        path.MoveTo(points[0], points[1]);
        for (int i = 2; i < points.Length; i += 2)
        {
            path.LineTo(points[i], points[i + 1]);
        }

        if (close)
        {
            path.Close();
        }

        return path;
    }
}
