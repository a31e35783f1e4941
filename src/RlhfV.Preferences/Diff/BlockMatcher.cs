namespace RlhfV.Preferences;

/// <summary>
/// Longest-match recursion: the matching of Python's <c>difflib.SequenceMatcher</c> (without junk, with or without the popularity rule
/// "autojunk"), which the released RLHF-V code builds on. Items are small integers; see <see cref="Intern{T}"/>.
/// </summary>
internal sealed class BlockMatcher
{
    /// <summary>The popularity rule begins at this length of the second list.</summary>
    private const int PopularityMinimumLength = 200;

    private readonly int[] _a;
    private readonly int[] _b;

    // Positions of every item in _b, ascending: those of item k are _positions[_starts[k].._starts[k + 1]].
    private readonly int[] _starts;
    private readonly int[] _positions;

    // Lengths of the runs that end at each position of _b, for the current and the previous row of the match table. A run counts only if
    // its stamp is the row's number, so that neither array is ever cleared.
    private int[] _runs;
    private int[] _previousRuns;
    private int[] _stamps;
    private int[] _previousStamps;
    private int _row;

    private BlockMatcher(int[] a, int[] b, int items, bool ignorePopular)
    {
        _a = a;
        _b = b;
        (_starts, _positions) = Index(b, items, ignorePopular ? Popularity(b.Length) : int.MaxValue);
        _runs = new int[b.Length];
        _previousRuns = new int[b.Length];
        _stamps = new int[b.Length];
        _previousStamps = new int[b.Length];
        _row = 1;
    }

    /// <summary>Replaces items by small integers, equal ones by the same, and counts the different ones.</summary>
    public static int Intern<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, out int[] internedA, out int[] internedB)
        where T : IEquatable<T>
    {
        // A missing item is stored as null of type T? by no caller: the dictionary refuses it with an ArgumentNullException.
        var ids = new Dictionary<T, int>(b.Length);
        internedB = Map(b, ids);
        internedA = Map(a, ids);
        return ids.Count;
    }

    /// <summary>
    /// The blocks that two lists of interned items share, ascending on both sides, adjacent ones merged, without an end marker.
    /// </summary>
    /// <param name="a">First list.</param>
    /// <param name="b">Second list; it is the one whose popular items may be ignored.</param>
    /// <param name="items">Number of different items.</param>
    /// <param name="ignorePopular">
    /// True for difflib's autojunk: from a length of 200 on, items that fill more than 1 % of <paramref name="b"/> (and one more
    /// occurrence) cannot begin a match, though a match may grow over them.
    /// </param>
    public static List<MatchBlock> Match(int[] a, int[] b, int items, bool ignorePopular) =>
        new BlockMatcher(a, b, items, ignorePopular).MatchAll();

    private static int[] Map<T>(ReadOnlySpan<T> source, Dictionary<T, int> ids)
        where T : IEquatable<T>
    {
        int[] result = new int[source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            if (!ids.TryGetValue(source[i], out int id))
                ids.Add(source[i], id = ids.Count);
            result[i] = id;
        }

        return result;
    }

    private static int Popularity(int length) => length >= PopularityMinimumLength ? (length / 100) + 1 : int.MaxValue;

    private static (int[] Starts, int[] Positions) Index(int[] b, int items, int maximumCount)
    {
        int[] counts = new int[items];
        foreach (int item in b)
            counts[item]++;

        int[] starts = new int[items + 1];
        for (int item = 0; item < items; item++)
            starts[item + 1] = starts[item] + (counts[item] > maximumCount ? 0 : counts[item]);

        int[] positions = new int[starts[items]];
        int[] next = starts[..items];
        for (int i = 0; i < b.Length; i++)
        {
            if (counts[b[i]] <= maximumCount)
                positions[next[b[i]]++] = i;
        }

        return (starts, positions);
    }

    private List<MatchBlock> MatchAll()
    {
        var blocks = new List<MatchBlock>();
        var windows = new Stack<(int StartA, int EndA, int StartB, int EndB)>();
        windows.Push((0, _a.Length, 0, _b.Length));
        while (windows.TryPop(out var window))
        {
            MatchBlock longest = FindLongest(window.StartA, window.EndA, window.StartB, window.EndB);
            if (longest.Length == 0)
                continue;
            blocks.Add(longest);
            if (window.StartA < longest.A && window.StartB < longest.B)
                windows.Push((window.StartA, longest.A, window.StartB, longest.B));
            if (longest.EndA < window.EndA && longest.EndB < window.EndB)
                windows.Push((longest.EndA, window.EndA, longest.EndB, window.EndB));
        }

        blocks.Sort(static (x, y) => x.A.CompareTo(y.A));
        return MergeAdjacent(blocks);
    }

    private static List<MatchBlock> MergeAdjacent(List<MatchBlock> blocks)
    {
        var merged = new List<MatchBlock>(blocks.Count);
        foreach (MatchBlock block in blocks)
        {
            if (merged.Count > 0 && merged[^1] is var last && last.EndA == block.A && last.EndB == block.B)
                merged[^1] = last with { Length = last.Length + block.Length };
            else
                merged.Add(block);
        }

        return merged;
    }

    /// <summary>
    /// The longest block inside a window. Only a strictly longer one replaces the best, so that ties go to the block that ends first in
    /// the first list, then to the one that ends first in the second.
    /// </summary>
    private MatchBlock FindLongest(int startA, int endA, int startB, int endB)
    {
        int bestA = startA, bestB = startB, best = 0;
        _row++; // an empty row, so that no run reaches over from another window
        for (int i = startA; i < endA; i++)
        {
            (_runs, _previousRuns) = (_previousRuns, _runs);
            (_stamps, _previousStamps) = (_previousStamps, _stamps);
            _row++;
            ReadOnlySpan<int> candidates = _positions.AsSpan(_starts[_a[i]].._starts[_a[i] + 1]);
            for (int k = FirstAtLeast(candidates, startB); k < candidates.Length && candidates[k] < endB; k++)
            {
                int j = candidates[k];
                int run = j > startB && _previousStamps[j - 1] == _row - 1 ? _previousRuns[j - 1] + 1 : 1;
                _runs[j] = run;
                _stamps[j] = _row;
                if (run > best)
                    (bestA, bestB, best) = (i - run + 1, j - run + 1, run);
            }
        }

        // Popular items cannot begin a match, but a match grows over them.
        while (bestA > startA && bestB > startB && _a[bestA - 1] == _b[bestB - 1])
            (bestA, bestB, best) = (bestA - 1, bestB - 1, best + 1);
        while (bestA + best < endA && bestB + best < endB && _a[bestA + best] == _b[bestB + best])
            best++;
        return new MatchBlock(bestA, bestB, best);
    }

    private static int FirstAtLeast(ReadOnlySpan<int> sorted, int value)
    {
        if (sorted.IsEmpty || sorted[0] >= value)
            return 0;
        int index = sorted.BinarySearch(value);
        return index < 0 ? ~index : index;
    }
}
