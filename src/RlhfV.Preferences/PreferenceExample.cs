namespace RlhfV.Preferences;

/// <summary>
/// One human judgement: a question about a picture, the answer people prefer, and the answer they reject. With segment-level
/// corrections (RLHF-V) the two answers are equal except in <see cref="Segments"/>.
/// </summary>
public sealed record PreferenceExample
{
    /// <summary>The picture, or null for a text-only example.</summary>
    public PreferenceImage? Image { get; init; }

    /// <summary>The question, without any image token.</summary>
    public required string Prompt { get; init; }

    /// <summary>The preferred (corrected) answer.</summary>
    public required string Chosen { get; init; }

    /// <summary>The dispreferred answer: what the model said.</summary>
    public required string Rejected { get; init; }

    /// <summary>The corrections as annotated, ordered by place; empty when the file holds none and a diff has to find them.</summary>
    public IReadOnlyList<CorrectedSegment> Segments { get; init; } = [];

    /// <summary>Where the example comes from.</summary>
    public PreferenceOrigin Origin { get; init; } = new();
}
