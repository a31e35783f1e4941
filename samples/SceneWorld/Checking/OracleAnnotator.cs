using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>
/// Corrects captions as a perfect annotator would: changes what is not true of the scene and nothing else. The result holds no
/// hallucination that
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
        var edits = new List<TextEdit>();
        var told = new HashSet<ObjectGroup>();
        bool anythingLeft = false;
        for (int i = 0; i < sentences.Count; i++)
        {
            SentenceReading sentence = sentences[i];
            List<Finding> findings = ClaimCheck.Check(scene, sentence, caption);
            if (findings.Count == 0)
            {
                told.UnionWith(scene.Groups.Where(group => Names(sentence, group)));
                anythingLeft = true;
                continue;
            }

            // Groups that would stay unnamed without this sentence: its own, and those that the caption lacks altogether.
            SentenceReading[] later = [.. sentences.Skip(i + 1)];
            ObjectGroup[] open = [.. scene.Groups.Where(group => !told.Contains(group) && !later.Any(other => Names(other, group)))];
            ObjectGroup[] own = [.. open.Where(group => Names(sentence, group))];
            ObjectGroup[] lacking = [.. open.Except(own)];
            IReadOnlyList<TextEdit>? repaired = SentenceCorrector.Correct(scene, sentence, findings, caption, lacking);
            if (repaired is not null
                && Reread(sentence, caption, repaired) is var (reading, text)
                && Holds(scene, sentence, reading, text, own))
            {
                edits.AddRange(repaired);
                told.UnionWith(scene.Groups.Where(group => Names(reading, group)));
                anythingLeft = true;
                continue;
            }

            // A sentence beyond repair makes room for one of those groups, or for any when nothing else would be left of the caption.
            ObjectGroup[] instead = own.Length > 0 ? own : [.. lacking.Take(1)];
            if (instead.Length == 0 && i == sentences.Count - 1 && !anythingLeft)
            {
                instead = [scene.Groups[0]];
            }

            edits.Add(Replace(sentence.Span, caption, instead, findings[0].Segment, edits.Count > 0 ? edits[^1].Span.End : 0));
            told.UnionWith(instead);
            anythingLeft |= instead.Length > 0;
        }

        return TextEdit.Apply(caption, edits);
    }

    private static (SentenceReading Reading, string Text)? Reread(SentenceReading sentence, string caption, IReadOnlyList<TextEdit> edits)
    {
        string old = caption.Substring(sentence.Span.Start, sentence.Span.Length);
        TextEdit[] moved =
        [
            .. edits.Select(edit => edit with { Span = new TextSpan(edit.Span.Start - sentence.Span.Start, edit.Span.Length) }),
        ];
        string corrected = TextEdit.Apply(old, moved).Chosen;
        return SentenceReading.ReadAll(corrected) is [var reading] ? (reading, corrected) : null;
    }

    // True when the repaired sentence is true, as readable as before, and still names what only it names.
    private static bool Holds(Scene scene, SentenceReading before, SentenceReading after, string text, IReadOnlyList<ObjectGroup> own) =>
        ClaimCheck.Check(scene, after, text).Count == 0
        && own.All(group => Names(after, group))
        && after.NotUnderstood().Count() <= before.NotUnderstood().Count();

    private static bool Names(SentenceReading sentence, ObjectGroup group) =>
        sentence.Phrases.Any(phrase => phrase.Kind == PhraseKind.Object && phrase.Thing == group.Kind);

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
