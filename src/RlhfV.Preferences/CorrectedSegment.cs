namespace RlhfV.Preferences;

/// <summary>
/// One correction inside an answer: the stretch of the rejected answer that was wrong and the stretch of the chosen answer that replaced
/// it. Either side may be empty (a pure insertion or deletion), never both.
/// </summary>
public sealed record CorrectedSegment
{
    /// <summary>The stretch in <see cref="PreferenceExample.Rejected"/>.</summary>
    public required TextSpan Rejected { get; init; }

    /// <summary>The stretch in <see cref="PreferenceExample.Chosen"/>.</summary>
    public required TextSpan Chosen { get; init; }

    /// <summary>What was wrong.</summary>
    public required HallucinationType Type { get; init; }

    /// <summary>Pseudonym of the annotator, or null when unknown.</summary>
    public string? Annotator { get; init; }

    /// <summary>When the correction was made, or null when unknown.</summary>
    public DateTimeOffset? Time { get; init; }
}
