namespace RlhfV.Models.Grounding;

/// <summary>How far a picture supports an answer, token by token, word by word and for any stretch of it.</summary>
public sealed class AnswerGrounding
{
    /// <summary>Adds up tokens that were scored before.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="tokens">Its tokens, in order.</param>
    public AnswerGrounding(string answer, IReadOnlyList<GroundedToken> tokens)
    {
        (Answer, Tokens) = (answer, tokens);
        Words = AnswerWords.Of(answer, tokens);
    }

    /// <summary>The answer.</summary>
    public string Answer { get; }

    /// <summary>Its tokens, the one that ends it included.</summary>
    public IReadOnlyList<GroundedToken> Tokens { get; }

    /// <summary>
    /// Its words, in order: runs of letters and digits, with apostrophes and hyphens inside. Marks between words are no part of any. Words
    /// that share a token, as in scripts without blanks, are one.
    /// </summary>
    public IReadOnlyList<GroundedWord> Words { get; }

    /// <summary>Adds up the words of a stretch; a word that lies in it only in part counts whole.</summary>
    /// <param name="start">Where the stretch begins, in UTF-16 code units.</param>
    /// <param name="length">Its length in UTF-16 code units.</param>
    /// <returns>The stretch from its first to its last word, or null when there is no word in it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The stretch does not lie in the answer.</exception>
    public GroundedSegment? Segment(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Answer.Length - start);
        GroundedWord[] words = [.. Words.Where(word => word.Start < start + length && word.End > start)];
        return words.Length == 0 ? null : Join(words);
    }

    /// <summary>
    /// The stretches against which the picture speaks: neighbouring words whose log-ratio lies below a threshold. What a model says
    /// whatever the picture shows has a ratio around zero and is not among them.
    /// </summary>
    /// <param name="threshold">In nats. The default of -0.7 means that the picture made the word half as likely.</param>
    /// <returns>The stretches, in order.</returns>
    public IReadOnlyList<GroundedSegment> Below(double threshold = -0.7)
    {
        var segments = new List<GroundedSegment>();
        var run = new List<GroundedWord>();
        foreach (GroundedWord word in Words)
        {
            if (word.LogRatio < threshold)
            {
                run.Add(word);
            }
            else if (run.Count > 0)
            {
                segments.Add(Join(run));
                run.Clear();
            }
        }

        if (run.Count > 0)
        {
            segments.Add(Join(run));
        }

        return segments;
    }

    private GroundedSegment Join(IReadOnlyList<GroundedWord> words)
    {
        int start = words[0].Start, length = words[^1].End - start;
        return new(
            start, length, Answer.Substring(start, length), words.Count, words.Sum(word => word.LogRatio),
            words.Sum(word => word.LogProbability));
    }
}
