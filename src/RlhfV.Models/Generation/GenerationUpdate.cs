namespace RlhfV.Models.Generation;

/// <summary>A piece of an answer as it grows.</summary>
public sealed record GenerationUpdate
{
    /// <summary>New text: whole characters only, possibly empty.</summary>
    public required string Text { get; init; }

    /// <summary>The whole result; only on the last update.</summary>
    public GenerationResult? Result { get; init; }
}
