using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>Lists the claims of a sentence, the true ones beside the false ones.</summary>
internal static class ClaimList
{
    /// <summary>Every claim that can be held against the scene, in the order of the text.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="sentence">The sentence.</param>
    /// <param name="mistakes">What <see cref="ClaimCheck.Check"/> found in it.</param>
    public static IEnumerable<CheckedClaim> Of(Scene scene, SentenceReading sentence, IReadOnlyList<Finding> mistakes) =>
        sentence.Phrases.SelectMany(phrase => Parts(scene, phrase).Select(part =>
            mistakes.FirstOrDefault(finding => finding.Phrase == phrase && finding.Segment.Span == part.Span) is { } mistake
                ? new CheckedClaim(part.Span, mistake.Segment.Type, IsTrue: false)
                : new CheckedClaim(part.Span, part.Type, IsTrue: true)));

    private static IEnumerable<(TextSpan Span, HallucinationType Type)> Parts(Scene scene, Phrase phrase) => phrase.Kind switch
    {
        PhraseKind.Setting => [(phrase.Span, HallucinationType.Other)],
        PhraseKind.Object when scene.Find(phrase.Thing) is null => [(phrase.Span, HallucinationType.Object)],
        PhraseKind.Object => OfObject(phrase),
        PhraseKind.Relation when ClaimCheck.Known(scene, phrase.Subject) is not null && ClaimCheck.Known(scene, phrase.Other) is not null =>
            [(phrase.Span, HallucinationType.Position)],
        PhraseKind.Place when ClaimCheck.Known(scene, phrase.Subject) is not null => [(phrase.Span, HallucinationType.Position)],
        PhraseKind.Action when ClaimCheck.Known(scene, phrase.Subject) is not null => [(phrase.Span, HallucinationType.Action)],
        PhraseKind.Colour when ClaimCheck.Known(scene, phrase.Subject) is not null => [(phrase.Span, HallucinationType.Attribute)],
        _ => [],
    };

    private static IEnumerable<(TextSpan Span, HallucinationType Type)> OfObject(Phrase phrase)
    {
        if (phrase.Count is not null)
        {
            yield return (phrase.Determiner!.Value, HallucinationType.Number);
        }

        if (phrase.Colour is not null)
        {
            yield return (phrase.ColourSpan, HallucinationType.Attribute);
        }

        yield return (phrase.Noun, HallucinationType.Object);
    }
}
