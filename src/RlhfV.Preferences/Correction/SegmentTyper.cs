namespace RlhfV.Preferences;

/// <summary>Gives the segments of a diff the types that a judge named for its phrases.</summary>
internal static class SegmentTyper
{
    /// <summary>
    /// The type of the phrase that shares the most characters with the segment, on the rejected side or, for insertions, on the chosen one;
    /// <see cref="HallucinationType.Other"/> when the judge named none.
    /// </summary>
    public static HallucinationType TypeOf(TextSegment segment, string rejected, string chosen, IReadOnlyList<JudgedCorrection> corrections)
    {
        HallucinationType best = HallucinationType.Other;
        int most = 0;
        foreach (JudgedCorrection correction in corrections)
        {
            int shared = Math.Max(
                LargestOverlap(rejected, correction.Wrong, segment.Rejected),
                LargestOverlap(chosen, correction.Right, segment.Chosen));
            if (shared > most)
                (best, most) = (correction.Type, shared);
        }

        return best;
    }

    private static int LargestOverlap(string text, string phrase, TextSpan span)
    {
        int largest = 0;
        if (phrase.Length == 0)
            return 0;
        for (int i = text.IndexOf(phrase, StringComparison.Ordinal); i >= 0; i = text.IndexOf(phrase, i + 1, StringComparison.Ordinal))
            largest = Math.Max(largest, Math.Min(i + phrase.Length, span.End) - Math.Max(i, span.Start));
        return largest;
    }
}
