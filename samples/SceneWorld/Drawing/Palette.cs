using SkiaSharp;

namespace SceneWorld;

/// <summary>The drawn form of the named colours: saturated and far apart, so that a few pixels tell them.</summary>
internal static class Palette
{
    /// <summary>Colour of every outline.</summary>
    public static readonly SKColor Outline = new(45, 45, 50);

    /// <summary>Glass, screens and other light details.</summary>
    public static readonly SKColor Glass = new(205, 235, 250);

    /// <summary>Metal and other neutral details.</summary>
    public static readonly SKColor Metal = new(150, 150, 155);

    /// <summary>The colour to paint with.</summary>
    /// <param name="colour">The named colour.</param>
    public static SKColor Of(SceneColour colour) => colour switch
    {
        SceneColour.Red => new SKColor(222, 28, 36),
        SceneColour.Orange => new SKColor(250, 138, 10),
        SceneColour.Yellow => new SKColor(250, 226, 30),
        SceneColour.Green => new SKColor(28, 160, 58),
        SceneColour.Blue => new SKColor(32, 84, 222),
        SceneColour.Purple => new SKColor(148, 44, 182),
        SceneColour.White => new SKColor(255, 255, 255),
        SceneColour.Black => new SKColor(22, 22, 24),
        _ => throw new ArgumentOutOfRangeException(nameof(colour), colour, "Expected one of the eight colours."),
    };
}
