using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>
/// Corrects captions as a perfect annotator would: changes what is not true of the scene and nothing else. The result holds no hallucination that
/// <see cref="CaptionChecker"/> can find, whatever the caption was.
/// </summary>
public static class OracleAnnotator
{
    /// <summary>Corrects a caption.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="caption">Any text.</param>
    /// <returns>The corrected text and the corrected segments; the caption itself and no segments when nothing is wrong.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Correction Correct(Scene scene, string caption)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(caption);
        List<SentenceReading> sentences = SentenceReading.ReadAll(caption);
        var named = sentences.SelectMany(sentence => sentence.Phrases)
            .Where(phrase => phrase.Kind == PhraseKind.Object)
            .Select(phrase => phrase.Thing)
            .ToHashSet();
        List<ObjectGroup> unnamed = [.. scene.Groups.Where(group => !named.Contains(group.Kind))];
        var edits = new List<TextEdit>();
        bool anythingLeft = false;
        foreach (SentenceReading sentence in sentences)
        {
            List<Finding> findings = ClaimCheck.Check(scene, sentence, caption);
            if (findings.Count == 0)
            {
                anythingLeft = true;
                continue;
            }

            List<ObjectGroup> before = [.. unnamed];
            IReadOnlyList<TextEdit>? repaired = SentenceCorrector.Correct(scene, sentence, findings, caption, unnamed);
            if (repaired is not null && IsTrue(scene, sentence, caption, repaired))
            {
                anythingLeft = true;
                edits.AddRange(repaired);
                continue;
            }

            unnamed = before;
            IReadOnlyList<ObjectGroup> instead = Instead(scene, sentences, sentence, unnamed);
            if (instead.Count == 0 && sentence == sentences[^1] && !anythingLeft)
            {
                instead = [scene.Groups[0]];
            }

            edits.Add(Replace(sentence.Span, caption, instead, findings[0].Segment, edits.Count > 0 ? edits[^1].Span.End : 0));
            unnamed.RemoveAll(instead.Contains);
            anythingLeft |= instead.Count > 0;
        }

        return TextEdit.Apply(caption, edits);
    }

    // A sentence beyond repair makes room for the groups that nothing else names: its own, else one that the caption lacks.
    private static IReadOnlyList<ObjectGroup> Instead(
        Scene scene, List<SentenceReading> sentences, SentenceReading sentence, List<ObjectGroup> unnamed)
    {
        ObjectGroup[] own =
        [
            .. scene.Groups.Where(group => Names(sentence, group) && !sentences.Any(other => other != sentence && Names(other, group))),
        ];
        return own.Length > 0 ? own : [.. unnamed.Take(1)];
    }

    private static bool Names(SentenceReading sentence, ObjectGroup group) =>
        sentence.Phrases.Any(phrase => phrase.Kind == PhraseKind.Object && phrase.Thing == group.Kind);

    private static bool IsTrue(Scene scene, SentenceReading sentence, string caption, IReadOnlyList<TextEdit> edits)
    {
        string old = caption.Substring(sentence.Span.Start, sentence.Span.Length);
        TextEdit[] moved =
        [
            .. edits.Select(edit => edit with { Span = new TextSpan(edit.Span.Start - sentence.Span.Start, edit.Span.Length) }),
        ];
        string corrected = TextEdit.Apply(old, moved).Chosen;
        List<SentenceReading> reread = SentenceReading.ReadAll(corrected);
        return reread.Count == 1
            && ClaimCheck.Check(scene, reread[0], corrected).Count == 0
            && reread[0].NotUnderstood().Count() <= sentence.NotUnderstood().Count();
    }

    private static TextEdit Replace(
        TextSpan sentence, string caption, IReadOnlyList<ObjectGroup> instead, HallucinatedSegment cause, int floor)
    {
        if (instead.Count > 0)
        {
            return new TextEdit(sentence, string.Join(' ', instead.Select(Statement)), cause);
        }

        // The space before the sentence goes with it, or the one behind when nothing is left before it.
        int start = sentence.Start, end = sentence.End;
        while (start > floor && char.IsWhiteSpace(caption[start - 1]))
        {
            start--;
        }

        while (start == sentence.Start && end < caption.Length && char.IsWhiteSpace(caption[end]))
        {
            end++;
        }

        return new TextEdit(new TextSpan(start, end - start), "", cause);
    }

    private static string Statement(ObjectGroup group)
    {
        string colour = Lexicon.Word(group.Colour);
        string number = group.Count > 1 ? Lexicon.Word(group.Count) : Lexicon.Article(colour);
        string noun = Lexicon.Noun(group.Kind, group.Count > 1);
        return $"There {Lexicon.Be(group.Count)} {number} {colour} {noun} on the {Lexicon.Word(group.Place.Column)}.";
    }
}
