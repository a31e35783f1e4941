using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>What a caption got right and wrong.</summary>
public sealed record CaptionAssessment
{
    /// <summary>Every stretch that is not true of the scene, ordered by place.</summary>
    public required IReadOnlyList<HallucinatedSegment> Hallucinations { get; init; }

    /// <summary>Object phrases in the caption ("two red cups", "the cups").</summary>
    public required int ObjectMentions { get; init; }

    /// <summary>Object phrases that name something the scene does not have.</summary>
    public required int AbsentMentions { get; init; }

    /// <summary>
    /// Single claims that were held against the scene, ordered by place: objects, numbers, colours, places, relations, actions, the setting. The
    /// false ones are <see cref="Hallucinations"/>.
    /// </summary>
    public required IReadOnlyList<CheckedClaim> CheckedClaims { get; init; }

    /// <summary>Number of <see cref="CheckedClaims"/>.</summary>
    public int Claims => CheckedClaims.Count;

    /// <summary>Kinds of the scene that the caption names, in the scene's order.</summary>
    public required IReadOnlyList<ObjectKind> NamedKinds { get; init; }

    /// <summary>Share of the scene's groups whose kind is named, from 0 to 1.</summary>
    public required double Recall { get; init; }

    /// <summary>Number of words.</summary>
    public required int Words { get; init; }

    /// <summary>Stretches that the grammar could not read. Nothing is concluded from them.</summary>
    public required IReadOnlyList<TextSpan> Unparsed { get; init; }

    /// <summary>True when anything in the caption is not true of the scene.</summary>
    public bool IsHallucinated => Hallucinations.Count > 0;
}
