namespace RlhfV.Models.Images;

/// <summary>What a vision tower gets to see of one picture.</summary>
public sealed record ProcessedImage
{
    /// <summary>The normalised values, float32, laid out as <see cref="Shape"/> says with the last dimension running fastest.</summary>
    public required float[] Values { get; init; }

    /// <summary>
    /// The sizes: [3, height, width] for CLIP and Muffin, [frames, 3, height, width] for Idefics3,
    /// [patches, 3 x time x patch x patch] for Qwen2-VL.
    /// </summary>
    public required long[] Shape { get; init; }

    /// <summary>How the picture was divided.</summary>
    public ImageGrid Grid { get; init; } = new(1, 1, 1);
}
