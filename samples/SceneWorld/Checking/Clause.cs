using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A part of a sentence between separators: a statement of its own, or an item of a list.</summary>
/// <param name="Phrases">At least one phrase.</param>
internal sealed record Clause(IReadOnlyList<Phrase> Phrases)
{
    /// <summary>Where it stands, from its first to its last phrase.</summary>
    public TextSpan Span => new(Phrases[0].Span.Start, Phrases[^1].Span.End - Phrases[0].Span.Start);

    /// <summary>False for an item of a list, which leans on the verb of an earlier clause.</summary>
    public bool HasVerb => Phrases.Any(phrase => phrase.Kind == PhraseKind.Verb || phrase.Text is "see" or "shows" or "seen" or "with");
}
