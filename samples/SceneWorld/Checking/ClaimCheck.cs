using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>Holds the phrases of a sentence against a scene.</summary>
internal static class ClaimCheck
{
    /// <summary>Everything in a sentence that is not true of the scene, in the order of the text.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="sentence">The sentence.</param>
    /// <param name="text">The text the sentence was read from.</param>
    public static List<Finding> Check(Scene scene, SentenceReading sentence, string text)
    {
        var findings = new List<Finding>();
        foreach (Phrase phrase in sentence.Phrases)
        {
            foreach ((TextSpan span, HallucinationType type, string truth) in Mistakes(scene, phrase))
            {
                findings.Add(new Finding(new HallucinatedSegment(span, type, text.Substring(span.Start, span.Length), truth), phrase));
            }
        }

        return findings;
    }

    /// <summary>The group a phrase names, or null when the scene has none.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="phrase">An object phrase, or null.</param>
    public static ObjectGroup? Known(Scene scene, Phrase? phrase) => phrase is null ? null : scene.Find(phrase.Thing);

    private static IEnumerable<(TextSpan Span, HallucinationType Type, string Truth)> Mistakes(Scene scene, Phrase phrase)
    {
        switch (phrase.Kind)
        {
            case PhraseKind.Object:
                return OfObject(scene.Find(phrase.Thing), phrase);
            case PhraseKind.Setting when phrase.Setting != scene.Setting:
                return [(phrase.Span, HallucinationType.Other, Lexicon.Names(scene.Setting)[0])];
            case PhraseKind.Place when Known(scene, phrase.Subject) is { } group
                && ((phrase.Column is { } column && column != group.Place.Column) || (phrase.Row is { } row && row != group.Place.Row)):
                return [(phrase.Span, HallucinationType.Position, Narrator.PlaceTruth(group.Place))];
            case PhraseKind.Relation when Known(scene, phrase.Subject) is { } one && Known(scene, phrase.Other) is { } other
                && !one.Place.Is(phrase.Relation, other.Place):
                string relation = one == other ? "" : Lexicon.Words(TrueRelation(one, other, phrase.Relation));
                return [(phrase.Span, HallucinationType.Position, relation)];
            case PhraseKind.Action when Known(scene, phrase.Subject) is { } actor && actor.Action != phrase.Action:
                return [(phrase.Span, HallucinationType.Action, actor.Action is { } action ? Lexicon.Word(action) : "")];
            case PhraseKind.Colour when Known(scene, phrase.Subject) is { } coloured && coloured.Colour != phrase.Colour:
                return [(phrase.Span, HallucinationType.Attribute, Lexicon.Word(coloured.Colour))];
            default:
                return [];
        }
    }

    private static IEnumerable<(TextSpan Span, HallucinationType Type, string Truth)> OfObject(ObjectGroup? group, Phrase phrase)
    {
        if (group is null)
        {
            yield return (phrase.Span, HallucinationType.Object, "");
            yield break;
        }

        if (phrase.Count is { } count && count != group.Count)
        {
            yield return (phrase.Determiner!.Value, HallucinationType.Number, Lexicon.Word(group.Count));
        }

        if (phrase.Colour is { } colour && colour != group.Colour)
        {
            yield return (phrase.ColourSpan, HallucinationType.Attribute, Lexicon.Word(group.Colour));
        }

        // "The cup" says that there is one, "the cups" that there are more.
        if (phrase.Count is null && phrase.Plural != group.Count > 1)
        {
            yield return (phrase.Noun, HallucinationType.Number, Lexicon.Noun(group.Kind, group.Count > 1, phrase.Name));
        }
    }

    /// <summary>The relation to say instead: the opposite where that is true, else any that is.</summary>
    /// <param name="one">The first group.</param>
    /// <param name="other">Another group.</param>
    /// <param name="claimed">What was said.</param>
    public static SpatialRelation TrueRelation(ObjectGroup one, ObjectGroup other, SpatialRelation claimed)
    {
        SpatialRelation opposite = Narrator.Opposite(claimed);
        return one.Place.Is(opposite, other.Place)
            ? opposite
            : Enum.GetValues<SpatialRelation>().First(relation => one.Place.Is(relation, other.Place));
    }
}
