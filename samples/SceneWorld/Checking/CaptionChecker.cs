using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>
/// Reads captions with the grammar they are written in and holds every claim against the scene. Exact on what the writers of SceneWorld
/// say; of other
/// texts it judges what it can read and reports the rest as unparsed.
/// </summary>
public static class CaptionChecker
{
    /// <summary>Checks a caption.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="caption">Any text.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static CaptionAssessment Check(Scene scene, string caption)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(caption);
        List<SentenceReading> sentences = SentenceReading.ReadAll(caption);
        var findings = new List<Finding>();
        var claims = new List<CheckedClaim>();
        foreach (SentenceReading sentence in sentences)
        {
            List<Finding> wrong = ClaimCheck.Check(scene, sentence, caption);
            findings.AddRange(wrong);
            claims.AddRange(ClaimList.Of(scene, sentence, wrong));
        }

        Phrase[] objects = [.. sentences.SelectMany(sentence => sentence.Phrases).Where(phrase => phrase.Kind == PhraseKind.Object)];
        ObjectKind[] named = [.. scene.Groups.Select(group => group.Kind).Where(kind => objects.Any(phrase => phrase.Thing == kind))];
        return new CaptionAssessment
        {
            Hallucinations = [.. findings.Select(finding => finding.Segment).OrderBy(segment => segment.Span.Start)],
            CheckedClaims = [.. claims.OrderBy(claim => claim.Span.Start)],
            ObjectMentions = objects.Length,
            AbsentMentions = objects.Count(phrase => scene.Find(phrase.Thing) is null),
            NamedKinds = named,
            Recall = (double)named.Length / scene.Groups.Count,
            Words = caption.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
            Unparsed = Unparsed(sentences),
        };
    }

    private static List<TextSpan> Unparsed(List<SentenceReading> sentences)
    {
        var spans = new List<TextSpan>();
        foreach (SentenceReading sentence in sentences)
        {
            Phrase[] missed = [.. sentence.NotUnderstood()];
            for (int i = 0; i < missed.Length; i++)
            {
                TextSpan span = missed[i].Span;
                bool adjoins = i > 0 && spans[^1].End + 1 >= span.Start;
                if (adjoins)
                {
                    spans[^1] = new TextSpan(spans[^1].Start, span.End - spans[^1].Start);
                }
                else
                {
                    spans.Add(span);
                }
            }
        }

        return spans;
    }
}
