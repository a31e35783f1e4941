using RlhfV.Models.Images;

namespace RlhfV.Models;

/// <summary>A prompt as the network reads it.</summary>
public sealed record EncodedPrompt
{
    /// <summary>Token ids up to and including the start of the answer; every image feature has its own image token.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>The preprocessed pictures, in the order of their tokens.</summary>
    public required IReadOnlyList<ProcessedImage> Images { get; init; }

    /// <summary>Where the tokens stand; null when they are counted from 0.</summary>
    public TokenPositions? Positions { get; init; }
}
