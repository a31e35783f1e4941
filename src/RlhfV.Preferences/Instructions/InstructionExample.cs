namespace RlhfV.Preferences;

/// <summary>
/// A question about pictures with the answer to imitate: what supervised fine-tuning learns from. Immutable; two examples are equal when
/// all their parts are equal by value, the pictures' bytes and the lists included.
/// </summary>
public sealed record InstructionExample
{
    /// <summary>
    /// The pictures, in order; empty for a text-only example. In a conversation they belong to the first user turn, unless
    /// <see cref="ImagePlaces"/> says otherwise.
    /// </summary>
    public IReadOnlyList<PreferenceImage> Images { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Where the pictures stand, a place for each of <see cref="Images"/> in order; empty, as usual, for pictures that all stand before the
    /// text of the first user turn.
    /// </summary>
    public IReadOnlyList<ImagePlace> ImagePlaces { get; init => field = value ?? []; } = [];

    /// <summary>The turns before <see cref="Prompt"/>, oldest first; empty when the example is a single question.</summary>
    public IReadOnlyList<PreferenceTurn> History { get; init => field = value ?? []; } = [];

    /// <summary>The question, without any image token.</summary>
    public required string Prompt { get; init; }

    /// <summary>The answer to imitate.</summary>
    public required string Answer { get; init; }

    /// <summary>Where the example comes from.</summary>
    public PreferenceOrigin Origin { get; init => field = value ?? PreferenceOrigin.Unknown; } = PreferenceOrigin.Unknown;

    /// <summary>The preferred side of a preference as an answer to imitate, with all its pictures.</summary>
    /// <param name="example">The preference.</param>
    public static InstructionExample FromChosen(PreferenceExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        return new InstructionExample
        {
            Images = example.Images,
            ImagePlaces = example.ImagePlaces,
            History = example.History,
            Prompt = example.Prompt,
            Answer = example.Chosen,
            Origin = example.Origin,
        };
    }

    /// <summary>Equal when all parts are equal by value, lists element by element.</summary>
    /// <param name="other">The example to compare with.</param>
    public bool Equals(InstructionExample? other) =>
        other is not null && Prompt == other.Prompt && Answer == other.Answer && Origin == other.Origin
        && History.SequenceEqual(other.History) && Images.SequenceEqual(other.Images)
        && ImagePlaces.SequenceEqual(other.ImagePlaces);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Prompt, Answer, History.Count, Images.Count, Origin);
}
