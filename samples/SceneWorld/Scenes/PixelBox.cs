namespace SceneWorld;

/// <summary>A rectangle in pixels of the drawn picture.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height)
{
    /// <summary>Right edge, exclusive.</summary>
    public int Right => X + Width;

    /// <summary>Lower edge, exclusive.</summary>
    public int Bottom => Y + Height;

    /// <summary>The area that two boxes share, in pixels.</summary>
    /// <param name="other">The other box.</param>
    public int Overlap(PixelBox other)
    {
        int width = Math.Min(Right, other.Right) - Math.Max(X, other.X);
        int height = Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y);
        return width > 0 && height > 0 ? width * height : 0;
    }
}
