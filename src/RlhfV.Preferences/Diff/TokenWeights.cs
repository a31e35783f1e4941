namespace RlhfV.Preferences;

/// <summary>
/// Token weights of dense DPO (RLHF-V, CVPR 2024, equation 5): gamma for tokens of corrected segments, 1 for all others.
/// </summary>
public static class TokenWeights
{
    /// <summary>Weighs the tokens of two answers by comparing the tokens themselves.</summary>
    /// <typeparam name="T">Type of the tokens, usually <see cref="int"/> or <see cref="long"/> ids.</typeparam>
    /// <param name="rejected">Tokens of the rejected answer. In reference mode the whole row, as the trainer lays it out.</param>
    /// <param name="chosen">Tokens of the chosen answer, likewise.</param>
    /// <param name="gamma">Weight of corrected tokens, above 0; 1 makes all tokens equal.</param>
    /// <param name="options">How to compare, or null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is not a finite number above 0.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static PairWeights FromTokens<T>(
        ReadOnlySpan<T> rejected, ReadOnlySpan<T> chosen, float gamma, SegmentDiffOptions? options = null)
        where T : IEquatable<T>, IComparable<T>
    {
        RequireGamma(gamma);
        options ??= SegmentDiffOptions.Default;
        PairWeights weights = Ones(rejected.Length, chosen.Length);
        foreach (TokenSegment segment in SegmentDiff.Tokens(rejected, chosen, options))
        {
            if (segment.IsReplacement || options.OneSided != OneSidedEdits.Unweighted)
            {
                weights.Rejected.AsSpan(segment.Rejected.Start, segment.Rejected.Length).Fill(gamma);
                weights.Chosen.AsSpan(segment.Chosen.Start, segment.Chosen.Length).Fill(gamma);
            }

            if (!segment.IsReplacement && options.OneSided == OneSidedEdits.WeightedWithNeighbours)
            {
                if (segment.Rejected.IsEmpty)
                    FillNeighbours(weights.Rejected, segment.Rejected.Start, gamma);
                else
                    FillNeighbours(weights.Chosen, segment.Chosen.Start, gamma);
            }
        }

        return weights;
    }

    /// <summary>Weighs the tokens of two answers by corrections given as positions in the texts.</summary>
    /// <param name="segments">
    /// The corrections, for example from <see cref="SegmentDiff.Segments"/>; annotated ones win over a diff there.
    /// </param>
    /// <param name="rejectedTokens">The stretch of the rejected answer that each token covers.</param>
    /// <param name="chosenTokens">The stretch of the chosen answer that each token covers.</param>
    /// <param name="gamma">Weight of corrected tokens, above 0.</param>
    /// <param name="oneSided">What pure insertions and deletions weigh.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is not a finite number above 0.</exception>
    public static PairWeights FromSegments(
        IReadOnlyList<TextSegment> segments,
        IReadOnlyList<TextSpan> rejectedTokens,
        IReadOnlyList<TextSpan> chosenTokens,
        float gamma,
        OneSidedEdits oneSided = OneSidedEdits.Unweighted)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentNullException.ThrowIfNull(rejectedTokens);
        ArgumentNullException.ThrowIfNull(chosenTokens);
        RequireGamma(gamma);
        PairWeights weights = Ones(rejectedTokens.Count, chosenTokens.Count);
        foreach (TextSegment segment in segments)
        {
            if (!segment.IsReplacement && oneSided == OneSidedEdits.Unweighted)
                continue;
            FillOverlap(weights.Rejected, rejectedTokens, segment.Rejected, gamma);
            FillOverlap(weights.Chosen, chosenTokens, segment.Chosen, gamma);
            if (!segment.IsReplacement && oneSided == OneSidedEdits.WeightedWithNeighbours)
            {
                if (segment.Rejected.IsEmpty)
                    FillNeighbours(weights.Rejected, FirstTokenBeyond(rejectedTokens, segment.Rejected.Start), gamma);
                else
                    FillNeighbours(weights.Chosen, FirstTokenBeyond(chosenTokens, segment.Chosen.Start), gamma);
            }
        }

        return weights;
    }

    /// <summary>Weighs the tokens of one text by the stretches of it that were changed.</summary>
    /// <param name="changed">The changed stretches; empty ones change nothing.</param>
    /// <param name="tokenSpans">
    /// The stretch of the text that each token covers. A token counts as changed when it shares a character with a changed stretch; one
    /// that covers nothing (a special token, a byte of a character) when it lies strictly inside of one.
    /// </param>
    /// <param name="gamma">Weight of changed tokens, above 0.</param>
    /// <returns>One weight per token: <paramref name="gamma"/> or 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is not a finite number above 0.</exception>
    public static float[] FromSpans(IReadOnlyList<TextSpan> changed, IReadOnlyList<TextSpan> tokenSpans, float gamma)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(tokenSpans);
        RequireGamma(gamma);
        float[] weights = Ones(tokenSpans.Count);
        foreach (TextSpan span in changed)
            FillOverlap(weights, tokenSpans, span, gamma);
        return weights;
    }

    private static PairWeights Ones(int rejected, int chosen) => new(Ones(rejected), Ones(chosen));

    private static float[] Ones(int count)
    {
        float[] weights = new float[count];
        weights.AsSpan().Fill(1f);
        return weights;
    }

    private static void FillOverlap(float[] weights, IReadOnlyList<TextSpan> tokens, TextSpan changed, float gamma)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            TextSpan token = tokens[i];
            bool inside = token.IsEmpty
                ? token.Start > changed.Start && token.Start < changed.End
                : token.Start < changed.End && token.End > changed.Start && !changed.IsEmpty;
            if (inside)
                weights[i] = gamma;
        }
    }

    private static void FillNeighbours(float[] weights, int place, float gamma)
    {
        if (place > 0)
            weights[place - 1] = gamma;
        if (place < weights.Length)
            weights[place] = gamma;
    }

    /// <summary>
    /// The first token that reaches beyond a place. A token whose leading space lies before the place counts as behind it.
    /// </summary>
    private static int FirstTokenBeyond(IReadOnlyList<TextSpan> tokens, int position)
    {
        int index = 0;
        while (index < tokens.Count && (tokens[index].End <= position || tokens[index].IsEmpty))
            index++;
        return index;
    }

    private static void RequireGamma(float gamma)
    {
        if (!float.IsFinite(gamma) || gamma <= 0)
            throw new ArgumentOutOfRangeException(
                nameof(gamma), gamma, "The weight of corrected tokens is a finite number above 0; the paper uses 5.");
    }
}
