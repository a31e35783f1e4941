using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>
/// Finds the edits that make one sentence true. What the scene lacks gives way to a group that the caption does not name yet, else its
/// clause goes;
/// everything else is put right word by word, with the articles, plurals and verbs that depend on it.
/// </summary>
internal sealed class SentenceCorrector
{
    private readonly Scene _scene;
    private readonly SentenceReading _sentence;
    private readonly string _text;
    private readonly List<ObjectGroup> _unnamed;
    private readonly Dictionary<Phrase, ObjectGroup> _standsFor = [];
    private readonly Dictionary<Phrase, HallucinatedSegment> _causes = [];
    private readonly HashSet<Phrase> _renumbered = [];
    private readonly List<TextEdit> _edits = [];

    private SentenceCorrector(Scene scene, SentenceReading sentence, string text, IReadOnlyList<ObjectGroup> unnamed)
    {
        _scene = scene;
        _sentence = sentence;
        _text = text;
        _unnamed = [.. unnamed];
    }

    /// <summary>Finds the edits.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="sentence">A sentence with findings.</param>
    /// <param name="findings">What is wrong in it.</param>
    /// <param name="text">The text it was read from.</param>
    /// <param name="unnamed">Groups the caption does not name.</param>
    /// <returns>Edits ordered by place; null when the sentence has to go as a whole.</returns>
    public static IReadOnlyList<TextEdit>? Correct(
        Scene scene, SentenceReading sentence, IReadOnlyList<Finding> findings, string text, IReadOnlyList<ObjectGroup> unnamed)
    {
        var corrector = new SentenceCorrector(scene, sentence, text, unnamed);
        if (!corrector.ReplaceAbsent(findings))
        {
            return null;
        }

        foreach (Finding finding in findings.Where(finding => finding.Segment.Type == HallucinationType.Number))
        {
            corrector._renumbered.Add(finding.Phrase);
        }

        foreach (Phrase phrase in sentence.Phrases)
        {
            corrector.Repair(phrase, findings);
        }

        return corrector.InOrder();
    }

    private bool ReplaceAbsent(IReadOnlyList<Finding> findings)
    {
        var removal = new ClauseRemoval(_sentence, _text);
        foreach (Finding finding in findings.Where(finding => finding.Segment.Type == HallucinationType.Object))
        {
            _causes[finding.Phrase] = finding.Segment;
            if (Replacement(finding.Phrase) is { } group)
            {
                _standsFor[finding.Phrase] = group;
                _unnamed.Remove(group);
            }
            else
            {
                removal.Remove(finding);
            }
        }

        if (removal.Edits(_scene) is not { } edits)
        {
            return false;
        }

        _edits.AddRange(edits);
        return true;
    }

    private ObjectGroup? Replacement(Phrase absent)
    {
        if (_sentence.Phrases.FirstOrDefault(phrase => phrase.Kind == PhraseKind.Relation && phrase.Other == absent) is { } relation)
        {
            return GroupOf(relation.Subject) is { } subject
                ? Others(subject, relation.Relation).FirstOrDefault()
                : null;
        }

        bool known = absent is { Count: null, Determiner: not null };
        Phrase[] relations = [.. _sentence.Phrases.Where(phrase => phrase.Kind == PhraseKind.Relation && phrase.Subject == absent)];
        return known || relations.Any(relation => GroupOf(relation.Other) is null)
            ? null
            : _unnamed.FirstOrDefault(group => relations.All(relation => GroupOf(relation.Other) != group));
    }

    private void Repair(Phrase phrase, IReadOnlyList<Finding> findings)
    {
        HallucinatedSegment? own = findings.FirstOrDefault(finding => finding.Phrase == phrase)?.Segment;
        ObjectGroup? group = GroupOf(phrase.Kind == PhraseKind.Object ? phrase : phrase.Subject);
        HallucinatedSegment? cause = own ?? CauseOf(phrase.Subject, findings) ?? CauseOf(phrase.Other, findings);
        switch (phrase.Kind)
        {
            case PhraseKind.Setting when own is not null:
                Edit(phrase.Span, Lexicon.Names(_scene.Setting)[0], own);
                break;
            case PhraseKind.Object when group is not null:
                RepairObject(phrase, group, findings);
                break;
            case PhraseKind.Verb when group is not null && cause is not null
                && (_standsFor.ContainsKey(phrase.Subject!) || _renumbered.Contains(phrase.Subject!)):
                Edit(phrase.Span, Lexicon.Be(group.Count), cause);
                break;
            case PhraseKind.Place when group is not null && cause is not null:
                RepairPlace(phrase, group.Place, cause);
                break;
            case PhraseKind.Action when group is not null && cause is not null && phrase.Action != group.Action:
                ReplaceOrDrop(phrase.Span, group.Action is { } action ? Lexicon.Word(action) : "", cause);
                break;
            case PhraseKind.Colour when group is not null && cause is not null:
                Edit(phrase.Span, Lexicon.Word(group.Colour), cause);
                break;
            case PhraseKind.Relation when group is not null && cause is not null && GroupOf(phrase.Other) is { } other && other != group:
                if (!group.Place.Is(phrase.Relation, other.Place))
                {
                    Edit(phrase.Span, Lexicon.Words(ClaimCheck.TrueRelation(group, other, phrase.Relation)), cause);
                }

                break;
            case PhraseKind.Relation when group is not null && own is not null:
                OtherInstead(phrase, group, own);
                break;
        }
    }

    private void RepairObject(Phrase phrase, ObjectGroup group, IReadOnlyList<Finding> findings)
    {
        bool many = group.Count > 1;
        string noun = Lexicon.Noun(group.Kind, many, _standsFor.ContainsKey(phrase) ? 0 : phrase.Name);
        string? colour = phrase.Colour is null ? null : Lexicon.Word(group.Colour);
        if (_standsFor.ContainsKey(phrase))
        {
            string determiner = phrase is { Count: null, Determiner: not null }
                ? "the"
                : many ? Lexicon.Word(group.Count) : Lexicon.Article(colour ?? noun);
            Edit(phrase.Span, colour is null ? $"{determiner} {noun}" : $"{determiner} {colour} {noun}", _causes[phrase]);
            return;
        }

        HallucinatedSegment? number = CauseOf(phrase, findings, HallucinationType.Number);
        HallucinatedSegment? attribute = CauseOf(phrase, findings, HallucinationType.Attribute);
        if (number is not null && phrase.Count is not null)
        {
            Edit(phrase.Determiner!.Value, many ? Lexicon.Word(group.Count) : Lexicon.Article(colour ?? noun), number);
        }
        else if (attribute is not null && phrase.Determiner is { } article && _text[article.Start] is 'a' or 'A')
        {
            Edit(article, Lexicon.Article(colour!), attribute);
        }

        if (attribute is not null)
        {
            Edit(phrase.ColourSpan, colour!, attribute);
        }

        if (number is not null)
        {
            Edit(phrase.Noun, noun, number);
        }
    }

    private void RepairPlace(Phrase phrase, Place place, HallucinatedSegment cause)
    {
        bool right = (phrase.Column is null || phrase.Column == place.Column) && (phrase.Row is null || phrase.Row == place.Row);
        if (right)
        {
            return;
        }

        string side = Lexicon.Word(place.Column), height = Lexicon.Word(place.Row);
        string words = (phrase.Column, phrase.Row) switch
        {
            (null, _) => place.Row == SceneRow.Middle ? "in the middle" : $"at the {height}",
            (_, null) => phrase.Text.Replace(Lexicon.Word(phrase.Column!.Value), side, StringComparison.Ordinal),
            _ when place.Row == SceneRow.Middle => $"on the {side}",
            _ => phrase.Text.Replace(Lexicon.Word(phrase.Column!.Value), side, StringComparison.Ordinal)
                .Replace(Lexicon.Word(phrase.Row!.Value), height, StringComparison.Ordinal),
        };
        Edit(phrase.Span, words, cause);
    }

    // "The cup is above the cup": the second one becomes another group.
    private void OtherInstead(Phrase relation, ObjectGroup subject, HallucinatedSegment cause)
    {
        ObjectGroup other = Others(subject, relation.Relation).First();
        if (!subject.Place.Is(relation.Relation, other.Place))
        {
            Edit(relation.Span, Lexicon.Words(ClaimCheck.TrueRelation(subject, other, relation.Relation)), cause);
        }

        Edit(relation.Other!.Span, "the " + Lexicon.Noun(other.Kind, other.Count > 1), cause);
    }

    // The other groups, first those of which the relation is true.
    private IEnumerable<ObjectGroup> Others(ObjectGroup subject, SpatialRelation relation) =>
        _scene.Groups.Where(group => group != subject).OrderByDescending(group => subject.Place.Is(relation, group.Place));

    private ObjectGroup? GroupOf(Phrase? phrase) =>
        phrase is null ? null : _standsFor.GetValueOrDefault(phrase) ?? _scene.Find(phrase.Thing);

    private HallucinatedSegment? CauseOf(Phrase? phrase, IReadOnlyList<Finding> findings)
    {
        if (phrase is null)
        {
            return null;
        }

        return _causes.GetValueOrDefault(phrase) ?? CauseOf(phrase, findings, HallucinationType.Number);
    }

    private static HallucinatedSegment? CauseOf(Phrase phrase, IReadOnlyList<Finding> findings, HallucinationType type) =>
        findings.FirstOrDefault(finding => finding.Phrase == phrase && finding.Segment.Type == type)?.Segment;

    // Only the words that change: what a replacement shares with the old words at either end stays.
    private void Edit(TextSpan span, string words, HallucinatedSegment cause)
    {
        string old = _text.Substring(span.Start, span.Length);
        if (char.IsUpper(old[0]))
        {
            words = char.ToUpperInvariant(words[0]) + words[1..];
        }

        string[] from = old.Split(' '), to = words.Split(' ');
        int head = 0, tail = 0;
        while (head < Math.Min(from.Length, to.Length) && from[head] == to[head])
        {
            head++;
        }

        while (tail < Math.Min(from.Length, to.Length) - head && from[^(tail + 1)] == to[^(tail + 1)])
        {
            tail++;
        }

        if (head == from.Length && head == to.Length)
        {
            return;
        }

        int skip = from[..head].Sum(word => word.Length + 1);
        int rest = from[^tail..].Sum(word => word.Length + 1);
        string[] kept = to[head..(to.Length - tail)];
        if (kept.Length == 0 || head + tail == from.Length)
        {
            // Nothing but a deletion or an insertion is left: replace the phrase as a whole, so that the spaces stay right.
            _edits.Add(new TextEdit(span, words, cause));
            return;
        }

        _edits.Add(new TextEdit(new TextSpan(span.Start + skip, span.Length - skip - rest), string.Join(' ', kept), cause));
    }

    private void ReplaceOrDrop(TextSpan span, string words, HallucinatedSegment cause)
    {
        if (words.Length > 0)
        {
            Edit(span, words, cause);
        }
        else
        {
            int space = span.Start > 0 && _text[span.Start - 1] == ' ' ? 1 : 0;
            _edits.Add(new TextEdit(new TextSpan(span.Start - space, span.Length + space), "", cause));
        }
    }

    // Edits inside a removed clause go with it; any other overlap means that the sentence is beyond piecemeal repair.
    private List<TextEdit>? InOrder()
    {
        var kept = new List<TextEdit>();
        foreach (TextEdit edit in _edits.OrderBy(edit => edit.Span.Start).ThenByDescending(edit => edit.Span.Length))
        {
            if (kept.Count == 0 || edit.Span.Start >= kept[^1].Span.End)
            {
                kept.Add(edit);
            }
            else if (kept[^1] is { Replacement.Length: 1 } capital && edit.Span.Start == capital.Span.End - 1)
            {
                // The clause before it goes, so that this edit's first letter, not the old one, starts the sentence.
                kept[^1] = capital with { Span = capital.Span with { Length = capital.Span.Length - 1 }, Replacement = "" };
                kept.Add(edit with { Replacement = char.ToUpperInvariant(edit.Replacement[0]) + edit.Replacement[1..] });
            }
            else if (edit.Span.End > kept[^1].Span.End)
            {
                return null;
            }
        }

        return kept;
    }
}
