namespace RlhfV.Models.Images;

/// <summary>What decoding does with the orientation that a camera noted in a picture's EXIF data.</summary>
public enum ExifOrientation
{
    /// <summary>Turn and mirror the pixels until they stand as the camera saw them, as Hugging Face's <c>load_image</c> does with a path.</summary>
    Apply,

    /// <summary>Keep the pixels as stored, as Pillow's <c>Image.open</c> and with it the original LLaVA and RLHF-V code do.</summary>
    Ignore,
}
