using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>Takes claims about absent objects out of a sentence so that what stays is still a sentence.</summary>
internal sealed class ClauseRemoval
{
    private readonly SentenceReading _sentence;
    private readonly string _text;
    private readonly Dictionary<int, Finding> _removed = [];

    /// <summary>Makes a removal for one sentence.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="text">The text it was read from.</param>
    public ClauseRemoval(SentenceReading sentence, string text)
    {
        _sentence = sentence;
        _text = text;
    }

    /// <summary>Marks the clause of an absent object for removal.</summary>
    /// <param name="finding">The absent object.</param>
    public void Remove(Finding finding)
    {
        int clause = 0;
        while (!_sentence.Clauses[clause].Phrases.Contains(finding.Phrase))
        {
            clause++;
        }

        _removed.TryAdd(clause, finding);
    }

    /// <summary>The edits that remove what was marked.</summary>
    /// <param name="scene">The truth, for the verbs that then have another subject.</param>
    /// <returns>The edits in any order; null when nothing of the sentence would stay.</returns>
    public List<TextEdit>? Edits(Scene scene)
    {
        var edits = new List<TextEdit>();
        IReadOnlyList<Clause> clauses = _sentence.Clauses;
        int[] gone = [.. _removed.Keys.Where(clause => !Trim(clause, scene, edits)).Order()];
        if (gone.Length == clauses.Count)
        {
            return null;
        }

        foreach (int clause in gone)
        {
            HallucinatedSegment cause = _removed[clause].Segment;
            int firstKept = Enumerable.Range(0, clauses.Count).First(index => !gone.Contains(index));
            if (clause > firstKept)
            {
                edits.Add(Delete(clauses[clause - 1].Span.End, clauses[clause].Span.End, "", cause));
            }
            else if (clause + 1 == firstKept)
            {
                int start = clauses[firstKept].Span.Start;
                edits.Add(Delete(clauses[clause].Span.Start, start + 1, char.ToUpperInvariant(_text[start]).ToString(), cause));
            }
            else
            {
                edits.Add(Delete(clauses[clause].Span.Start, clauses[clause + 1].Span.Start, "", cause));
            }
        }

        return edits;
    }

    // An item of a list, or what follows "with", can go without the clause that leads to it.
    private bool Trim(int index, Scene scene, List<TextEdit> edits)
    {
        IReadOnlyList<Clause> clauses = _sentence.Clauses;
        Clause clause = clauses[index];
        Finding finding = _removed[index];
        Phrase[] before = [.. clause.Phrases.TakeWhile(phrase => phrase != finding.Phrase)];
        bool led = before.Any(phrase => phrase.Kind == PhraseKind.Verb || phrase.Text is "see" or "shows" or "with");
        if (!led)
        {
            return false;
        }

        if (index + 1 < clauses.Count && !clauses[index + 1].HasVerb && !_removed.ContainsKey(index + 1))
        {
            edits.Add(Delete(finding.Phrase.Span.Start, clauses[index + 1].Span.Start, "", finding.Segment));
            Phrase next = clauses[index + 1].Phrases.First(phrase => phrase.Kind == PhraseKind.Object);
            foreach (Phrase verb in before.Where(phrase => phrase.Kind == PhraseKind.Verb && phrase.Subject == finding.Phrase))
            {
                int count = scene.Find(next.Thing)?.Count ?? 1;
                if (verb.Plural != count > 1)
                {
                    edits.Add(new TextEdit(verb.Span, Lexicon.Be(count), finding.Segment));
                }
            }

            return true;
        }

        int with = Array.FindLastIndex(before, phrase => phrase.Text == "with");
        if (with < 1 || !before.Any(phrase => phrase.Kind == PhraseKind.Setting))
        {
            return false;
        }

        edits.Add(Delete(before[with - 1].Span.End, clause.Span.End, "", finding.Segment));
        return true;
    }

    private static TextEdit Delete(int start, int end, string replacement, HallucinatedSegment cause) =>
        new(new TextSpan(start, end - start), replacement, cause);
}
