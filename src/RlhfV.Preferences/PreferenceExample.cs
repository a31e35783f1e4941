using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>
/// One human judgement: a question about a picture or several, the answer people prefer, and the answer they reject. With segment-level
/// corrections (RLHF-V) the two answers are equal except in <see cref="Segments"/>. Immutable; two examples are equal when all their
/// parts are equal by value, the pictures' bytes and the lists included.
/// </summary>
public sealed record PreferenceExample
{
    /// <summary>
    /// The picture, the first where there are several, or null for a text-only example. See <see cref="ImagePlaces"/> for where it stands.
    /// </summary>
    [JsonPropertyOrder(1)] // behind all else: base64 may be long, and people and tools look at the beginning of a line
    public PreferenceImage? Image { get; init; }

    /// <summary>
    /// The pictures after <see cref="Image"/>, in order; empty for one picture or none. Files and trainers refuse an example that has them but
    /// no <see cref="Image"/>.
    /// </summary>
    [JsonPropertyOrder(2)]
    public IReadOnlyList<PreferenceImage> MoreImages { get; init => field = value ?? []; } = [];

    /// <summary>All pictures in order: <see cref="Image"/>, then <see cref="MoreImages"/>; empty for a text-only example.</summary>
    [JsonIgnore]
    public IReadOnlyList<PreferenceImage> Images => Image is { } first ? [first, .. MoreImages] : MoreImages;

    /// <summary>
    /// Where the pictures stand, a place for each of <see cref="Images"/> in order; empty, as usual, for pictures that all stand before the
    /// text of the first user turn.
    /// </summary>
    public IReadOnlyList<ImagePlace> ImagePlaces { get; init => field = value ?? []; } = [];

    /// <summary>The turns before <see cref="Prompt"/>, oldest first; empty when the example is a single question.</summary>
    public IReadOnlyList<PreferenceTurn> History { get; init => field = value ?? []; } = [];

    /// <summary>The question, without any image token.</summary>
    public required string Prompt { get; init; }

    /// <summary>The preferred (corrected) answer.</summary>
    public required string Chosen { get; init; }

    /// <summary>The dispreferred answer: what the model said.</summary>
    public required string Rejected { get; init; }

    /// <summary>The corrections as annotated, ordered by place; empty when the file holds none and a diff has to find them.</summary>
    public IReadOnlyList<CorrectedSegment> Segments { get; init => field = value ?? []; } = [];

    /// <summary>Where the example comes from.</summary>
    public PreferenceOrigin Origin { get; init => field = value ?? PreferenceOrigin.Unknown; } = PreferenceOrigin.Unknown;

    /// <summary>The reference model's log-probabilities when the file holds them, else null.</summary>
    public ReferenceLogProbs? ReferenceLogProbs { get; init; }

    /// <summary>
    /// The example about other pictures. As many as before stand where the others stood; another number stands before the first user turn's text.
    /// </summary>
    /// <param name="images">All pictures in order; empty for a text-only example.</param>
    /// <exception cref="ArgumentException">A picture is null.</exception>
    public PreferenceExample WithImages(IReadOnlyList<PreferenceImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Any(image => image is null)
            ? throw new ArgumentException("A picture is null, expected pictures only.", nameof(images))
            : this with
            {
                Image = images.Count > 0 ? images[0] : null,
                MoreImages = [.. images.Skip(1)],
                ImagePlaces = ImagePlaces.Count == images.Count ? ImagePlaces : [],
            };
    }

    /// <summary>Equal when all parts are equal by value, lists element by element.</summary>
    /// <param name="other">The example to compare with.</param>
    public bool Equals(PreferenceExample? other) =>
        other is not null
        && Prompt == other.Prompt && Chosen == other.Chosen && Rejected == other.Rejected
        && History.SequenceEqual(other.History) && Segments.SequenceEqual(other.Segments)
        && Origin == other.Origin && ReferenceLogProbs == other.ReferenceLogProbs
        && Image == other.Image && MoreImages.SequenceEqual(other.MoreImages) && ImagePlaces.SequenceEqual(other.ImagePlaces);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Prompt, Chosen, Rejected, History.Count, Segments.Count, Origin, Image, MoreImages.Count);
}
