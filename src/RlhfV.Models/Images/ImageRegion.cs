namespace RlhfV.Models.Images;

/// <summary>A rectangle of pixels.</summary>
/// <param name="Left">Column of its left edge.</param>
/// <param name="Top">Row of its top edge.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct ImageRegion(int Left, int Top, int Width, int Height);
