namespace RlhfV.Preferences;

/// <summary>
/// An answer that a judge is to correct. At least one of picture and description is needed, or the judge could only guess.
/// </summary>
public sealed record CorrectionRequest
{
    /// <summary>The picture, the first where there are several, or null. A path is read when the request is sent.</summary>
    public PreferenceImage? Image { get; init; }

    /// <summary>The pictures after <see cref="Image"/>, in order; empty for one picture or none.</summary>
    public IReadOnlyList<PreferenceImage> MoreImages { get; init => field = value ?? []; } = [];

    /// <summary>
    /// What is known to be in the pictures: captions, object lists, notes of a person. Null when the judge looks for itself.
    /// </summary>
    public string? Description { get; init; }

    /// <summary>The question that was asked.</summary>
    public required string Prompt { get; init; }

    /// <summary>The model's answer to correct.</summary>
    public required string Answer { get; init; }

    /// <summary>Where the answer comes from; it is handed on to the example.</summary>
    public PreferenceOrigin Origin { get; init => field = value ?? PreferenceOrigin.Unknown; } = PreferenceOrigin.Unknown;
}
