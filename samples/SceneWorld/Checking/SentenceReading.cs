using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>
/// One sentence as phrases, each linked to the object it is about. Links never leave the sentence (the grammar has no pronouns), so a
/// sentence
/// can be corrected or removed without changing what the others say.
/// </summary>
internal sealed class SentenceReading
{
    private SentenceReading(TextSpan span, IReadOnlyList<Phrase> phrases)
    {
        Span = span;
        Phrases = phrases;
        Link();
        Clauses = Cut();
    }

    /// <summary>The sentence with the mark at its end.</summary>
    public TextSpan Span { get; }

    /// <summary>Its phrases, in order.</summary>
    public IReadOnlyList<Phrase> Phrases { get; }

    /// <summary>Its clauses and list items, in order, without the separators between them.</summary>
    public IReadOnlyList<Clause> Clauses { get; }

    /// <summary>Reads a text sentence by sentence.</summary>
    /// <param name="text">Any text.</param>
    public static List<SentenceReading> ReadAll(string text)
    {
        var sentences = new List<SentenceReading>();
        var words = new List<CaptionToken>();
        List<CaptionToken> tokens = CaptionToken.Split(text);
        for (int i = 0; i < tokens.Count; i++)
        {
            bool ends = tokens[i].EndsSentence;
            if (!ends)
            {
                words.Add(tokens[i]);
            }

            if ((ends || i == tokens.Count - 1) && words.Count > 0)
            {
                int start = words[0].Span.Start;
                sentences.Add(new SentenceReading(new TextSpan(start, tokens[i].Span.End - start), PhraseReader.Read(words)));
                words.Clear();
            }
        }

        return sentences;
    }

    /// <summary>Phrases that could not be understood: unknown words, and claims about nothing.</summary>
    public IEnumerable<Phrase> NotUnderstood() => Phrases.Where(phrase => phrase.Kind switch
    {
        PhraseKind.Unknown => true,
        PhraseKind.Place or PhraseKind.Action or PhraseKind.Colour => phrase.Subject is null,
        PhraseKind.Relation => phrase.Subject is null || phrase.Other is null,
        _ => false,
    });

    private void Link()
    {
        Phrase? subject = null, verb = null, relation = null;
        var waiting = new List<Phrase>();
        bool separated = false;
        foreach (Phrase phrase in Phrases)
        {
            switch (phrase.Kind)
            {
                case PhraseKind.Separator:
                    separated = true;
                    continue;
                case PhraseKind.Object when relation is { Other: null }:
                    relation.Other = phrase;
                    break;
                case PhraseKind.Object:
                    subject = phrase;
                    foreach (Phrase claim in waiting)
                    {
                        claim.Subject = subject;
                    }

                    waiting.Clear();
                    verb?.Subject = subject;
                    verb = null;
                    break;
                case PhraseKind.Place or PhraseKind.Relation:
                    subject = separated ? null : subject;
                    phrase.Subject = subject;
                    relation = phrase.Kind == PhraseKind.Relation ? phrase : relation;
                    if (subject is null)
                    {
                        waiting.Add(phrase);
                    }

                    break;
                case PhraseKind.Action or PhraseKind.Colour:
                    phrase.Subject = subject;
                    break;
                case PhraseKind.Verb:
                    phrase.Subject = subject;
                    verb = subject is null ? phrase : null;
                    break;
                case PhraseKind.Setting:
                    (subject, verb) = (null, null);
                    break;
                case PhraseKind.Word when phrase.Text is "there" or "see" or "it" or "everything" or "nothing":
                    subject = null;
                    break;
            }

            separated &= phrase.Kind == PhraseKind.Word;
        }
    }

    private List<Clause> Cut()
    {
        var clauses = new List<Clause>();
        var current = new List<Phrase>();
        foreach (Phrase phrase in Phrases)
        {
            if (phrase.Kind != PhraseKind.Separator)
            {
                current.Add(phrase);
            }
            else if (IsComplete(current))
            {
                clauses.Add(new Clause([.. current]));
                current.Clear();
            }
        }

        if (current.Count > 0 && (clauses.Count == 0 || IsComplete(current)))
        {
            clauses.Add(new Clause([.. current]));
        }
        else if (current.Count > 0)
        {
            clauses[^1] = new Clause([.. clauses[^1].Phrases, .. current]);
        }

        return clauses;
    }

    // "On the left", "In this kitchen" or "also" before a comma belong to what follows.
    private static bool IsComplete(List<Phrase> phrases) => phrases.Any(phrase =>
        phrase.Kind == PhraseKind.Object && !phrases.Any(relation => relation.Kind == PhraseKind.Relation && relation.Other == phrase));
}
