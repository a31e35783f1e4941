namespace RlhfV.Models;

/// <summary>How <see cref="MuffinRowEncoder"/> writes rows.</summary>
public sealed record MuffinRowOptions
{
    /// <summary>The form of the text. Default <see cref="MuffinRowForm.V0"/>, the released script's.</summary>
    public MuffinRowForm Form { get; init; }

    /// <summary>
    /// Number of <c>&lt;im_patch&gt;</c> tokens per picture, at least 1: the queries of the vision tower. Default 64, as published.
    /// </summary>
    public int ImageTokenCount { get; init; } = 64;

    /// <summary>Longest row in tokens, at least 1; what is behind is cut off as in the reference. Default 2048.</summary>
    public int MaxLength { get; init; } = 2048;
}
