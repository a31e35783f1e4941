using System.Text;

namespace RlhfV.Preferences;

/// <summary>
/// Finds what a correction changed. The result lists every difference; which of them weigh more in training is decided by
/// <see cref="TokenWeights"/>.
/// </summary>
public static class SegmentDiff
{
    /// <summary>Compares two token lists.</summary>
    /// <typeparam name="T">Type of the tokens, usually <see cref="int"/> or <see cref="long"/> ids.</typeparam>
    /// <param name="rejected">Tokens of the rejected answer. In reference mode the whole row, as the trainer lays it out.</param>
    /// <param name="chosen">Tokens of the chosen answer, likewise.</param>
    /// <param name="options">How to compare, or null for the defaults.</param>
    /// <returns>
    /// The differences in ascending order. In reference mode only those with <see cref="TokenSegment.IsReplacement"/> count there.
    /// </returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static IReadOnlyList<TokenSegment> Tokens<T>(
        ReadOnlySpan<T> rejected, ReadOnlySpan<T> chosen, SegmentDiffOptions? options = null)
        where T : IEquatable<T>, IComparable<T>
    {
        options ??= SegmentDiffOptions.Default;
        options.Validate(nameof(options));
        List<MatchBlock> blocks = SharedBlocks(rejected, chosen, options);
        var segments = new List<TokenSegment>();
        int endRejected = 0, endChosen = 0;
        foreach (MatchBlock block in blocks.Append(new MatchBlock(rejected.Length, chosen.Length, 0)))
        {
            if (block.A > endRejected || block.B > endChosen)
                segments.Add(new(new(endRejected, block.A - endRejected), new(endChosen, block.B - endChosen)));
            (endRejected, endChosen) = (block.EndA, block.EndB);
        }

        return segments;
    }

    /// <summary>
    /// Compares two answers word by word. White space around an edit belongs to a segment only where it changed itself, so that
    /// <see cref="Apply"/> gives the chosen answer to the letter.
    /// </summary>
    /// <param name="rejected">The rejected answer.</param>
    /// <param name="chosen">The chosen answer.</param>
    /// <param name="options">How to compare, or null for the defaults.</param>
    /// <returns>The differences in ascending order, positions in UTF-16 code units.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static IReadOnlyList<TextSegment> Words(string rejected, string chosen, SegmentDiffOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        ArgumentNullException.ThrowIfNull(chosen);
        options ??= SegmentDiffOptions.Default;
        options.Validate(nameof(options));

        List<TextSpan> rejectedWords = WordSplitter.Split(rejected);
        List<TextSpan> chosenWords = WordSplitter.Split(chosen);
        List<MatchBlock> blocks = SharedBlocks<string>(Texts(rejected, rejectedWords), Texts(chosen, chosenWords), options);

        var segments = new List<TextSegment>();
        int endRejected = 0, endChosen = 0;
        foreach (MatchBlock block in blocks)
        {
            for (int i = 0; i < block.Length; i++)
            {
                TextSpan before = rejectedWords[block.A + i];
                TextSpan after = chosenWords[block.B + i];
                AddGap(segments, rejected, endRejected, before.Start, chosen, endChosen, after.Start);
                (endRejected, endChosen) = (before.End, after.End);
            }
        }

        AddGap(segments, rejected, endRejected, rejected.Length, chosen, endChosen, chosen.Length);
        return segments;
    }

    /// <summary>The corrections of an example: as annotated where it has any, else by <see cref="Words"/>.</summary>
    /// <param name="example">The example.</param>
    /// <param name="options">How to compare, or null for the defaults.</param>
    public static IReadOnlyList<TextSegment> Segments(PreferenceExample example, SegmentDiffOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        return example.Segments.Count > 0
            ? [.. example.Segments.Select(segment => new TextSegment(segment.Rejected, segment.Chosen))]
            : Words(example.Rejected, example.Chosen, options);
    }

    /// <summary>Puts the chosen side of every segment in place of its rejected side.</summary>
    /// <param name="rejected">The rejected answer.</param>
    /// <param name="chosen">The chosen answer, from which the replacements are taken.</param>
    /// <param name="segments">The segments in ascending order without overlap.</param>
    /// <returns>The corrected answer: <paramref name="chosen"/>, when the segments are complete.</returns>
    /// <exception cref="ArgumentException">Segments overlap, are out of order, or reach beyond the answers.</exception>
    public static string Apply(string rejected, string chosen, IReadOnlyList<TextSegment> segments)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(segments);
        var result = new StringBuilder(chosen.Length);
        int end = 0;
        foreach (TextSegment segment in segments)
        {
            if (segment.Rejected.Start < end || segment.Rejected.End > rejected.Length
                || segment.Chosen.Start < 0 || segment.Chosen.End > chosen.Length)
            {
                throw new ArgumentException(
                    $"The segment {segment} overlaps the one before, or reaches beyond answers of {rejected.Length} and {chosen.Length} "
                    + "characters. Give segments in ascending order.",
                    nameof(segments));
            }

            result.Append(rejected, end, segment.Rejected.Start - end).Append(chosen, segment.Chosen.Start, segment.Chosen.Length);
            end = segment.Rejected.End;
        }

        return result.Append(rejected, end, rejected.Length - end).ToString();
    }

    /// <summary>The stretches that are kept as shared, ascending.</summary>
    private static List<MatchBlock> SharedBlocks<T>(ReadOnlySpan<T> rejected, ReadOnlySpan<T> chosen, SegmentDiffOptions options)
        where T : IEquatable<T>, IComparable<T>
    {
        if (options.Mode == SegmentDiffMode.ReferenceCompatible)
        {
            int items = BlockMatcher.Intern(rejected, chosen, out int[] a, out int[] b);
            return LongEnough(BlockMatcher.Match(a, b, items, ignorePopular: true), options.MinimumMatch);
        }

        // In the reference's rows a long equal prompt stands before the answers and equal template tokens stand behind them, so that a
        // common beginning or end is never too short to count. Without those neighbours the same holds only if it is said.
        int start = rejected.CommonPrefixLength(chosen);
        ReadOnlySpan<T> restRejected = rejected[start..];
        ReadOnlySpan<T> restChosen = chosen[start..];
        int end = CommonSuffixLength(restRejected, restChosen);
        restRejected = restRejected[..^end];
        restChosen = restChosen[..^end];

        var blocks = new List<MatchBlock>();
        if (start > 0)
            blocks.Add(new MatchBlock(0, 0, start));
        foreach (MatchBlock block in LongEnough(MatchSymmetrically(restRejected, restChosen), options.MinimumMatch))
            blocks.Add(new MatchBlock(start + block.A, start + block.B, block.Length));
        if (end > 0)
            blocks.Add(new MatchBlock(rejected.Length - end, chosen.Length - end, end));
        return blocks;
    }

    /// <summary>
    /// Matches in an order that does not depend on which side is which: among equally long matches difflib prefers by position in its first
    /// argument, so the shorter list, or the one that sorts first, is made that argument.
    /// </summary>
    private static List<MatchBlock> MatchSymmetrically<T>(ReadOnlySpan<T> rejected, ReadOnlySpan<T> chosen)
        where T : IEquatable<T>, IComparable<T>
    {
        if (rejected.IsEmpty || chosen.IsEmpty)
            return [];
        bool exchange = rejected.Length != chosen.Length ? rejected.Length > chosen.Length : rejected.SequenceCompareTo(chosen) > 0;
        int items = exchange
            ? BlockMatcher.Intern(chosen, rejected, out int[] a, out int[] b)
            : BlockMatcher.Intern(rejected, chosen, out a, out b);
        List<MatchBlock> blocks = BlockMatcher.Match(a, b, items, ignorePopular: false);
        return exchange ? blocks.ConvertAll(block => new MatchBlock(block.B, block.A, block.Length)) : blocks;
    }

    private static List<MatchBlock> LongEnough(List<MatchBlock> blocks, int minimum)
    {
        blocks.RemoveAll(block => block.Length < minimum);
        return blocks;
    }

    private static int CommonSuffixLength<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : IEquatable<T>
    {
        int length = 0;
        while (length < x.Length && length < y.Length && x[^(length + 1)].Equals(y[^(length + 1)]))
            length++;
        return length;
    }

    private static string[] Texts(string text, List<TextSpan> words) => [.. words.Select(word => text.Substring(word.Start, word.Length))];

    /// <summary>
    /// Adds what stands between two shared words, without the white space that both sides have at its ends. The end goes first: an inserted
    /// word then keeps the space before it, as tokens do, and not the one behind it, which belongs to the next token.
    /// </summary>
    private static void AddGap(
        List<TextSegment> segments, string rejected, int startRejected, int endRejected, string chosen, int startChosen, int endChosen)
    {
        while (startRejected < endRejected && startChosen < endChosen
            && rejected[endRejected - 1] == chosen[endChosen - 1] && char.IsWhiteSpace(rejected[endRejected - 1]))
        {
            endRejected--;
            endChosen--;
        }

        while (startRejected < endRejected && startChosen < endChosen
            && rejected[startRejected] == chosen[startChosen] && char.IsWhiteSpace(rejected[startRejected]))
        {
            startRejected++;
            startChosen++;
        }

        if (startRejected < endRejected || startChosen < endChosen)
            segments.Add(new(new(startRejected, endRejected - startRejected), new(startChosen, endChosen - startChosen)));
    }
}
