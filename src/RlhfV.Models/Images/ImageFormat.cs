namespace RlhfV.Models.Images;

/// <summary>The formats that are decoded.</summary>
internal enum ImageFormat
{
    Unknown,
    Png,
    Jpeg,
    WebP,
    Gif,
    Bmp,
}
