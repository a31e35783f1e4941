using FsCheck.Xunit;

namespace RlhfV.Preferences.Tests.Diff;

/// <summary>The algebra of the diff, over random lists of few different items, so that repeats and ties are common.</summary>
public sealed class SegmentDiffProperties
{
    private static readonly string[] Vocabulary = ["a", "red", "cup", "and", "two", "dogs", ".", "你", "🙂", " ", "  ", "\n", "it's"];

    [Property(MaxTest = 500)]
    public bool Tokens_AppliedToRejected_GiveChosen(byte[] rejected, byte[] chosen, byte minimum)
    {
        int[] a = Few(rejected), b = Few(chosen);
        IReadOnlyList<TokenSegment> segments = SegmentDiff.Tokens<int>(a, b, new SegmentDiffOptions { MinimumMatch = 1 + (minimum % 4) });

        var applied = new List<int>();
        int end = 0;
        foreach (TokenSegment segment in segments)
        {
            applied.AddRange(a[end..segment.Rejected.Start]);
            applied.AddRange(b[segment.Chosen.Start..segment.Chosen.End]);
            end = segment.Rejected.End;
        }

        applied.AddRange(a[end..]);
        return applied.SequenceEqual(b);
    }

    [Property(MaxTest = 500)]
    public bool Tokens_SidesExchanged_MirrorTheResult(byte[] rejected, byte[] chosen)
    {
        int[] a = Few(rejected), b = Few(chosen);

        return SegmentDiff.Tokens<int>(a, b)
            .SequenceEqual(SegmentDiff.Tokens<int>(b, a).Select(segment => new TokenSegment(segment.Chosen, segment.Rejected)));
    }

    [Property(MaxTest = 500)]
    public bool Words_AppliedToRejected_GiveChosen(byte[] rejected, byte[] chosen)
    {
        string a = Text(rejected), b = Text(chosen);

        return SegmentDiff.Apply(a, b, SegmentDiff.Words(a, b)) == b;
    }

    [Property(MaxTest = 500)]
    public bool Words_SidesExchanged_MirrorTheResult(byte[] rejected, byte[] chosen)
    {
        string a = Text(rejected), b = Text(chosen);

        return SegmentDiff.Words(a, b).SequenceEqual(
            SegmentDiff.Words(b, a).Select(segment => new TextSegment(segment.Chosen, segment.Rejected)));
    }

    [Property(MaxTest = 300)]
    public bool Words_AnyText_GiveChosen(string? rejected, string? chosen) =>
        SegmentDiff.Apply(rejected ?? "", chosen ?? "", SegmentDiff.Words(rejected ?? "", chosen ?? "")) == (chosen ?? "");

    [Property(MaxTest = 300)]
    public bool Tokens_SegmentsAreNeverEmptyNorAdjacent(byte[] rejected, byte[] chosen)
    {
        IReadOnlyList<TokenSegment> segments = SegmentDiff.Tokens<int>(Few(rejected), Few(chosen));

        return segments.All(s => !s.Rejected.IsEmpty || !s.Chosen.IsEmpty)
            && segments.Zip(segments.Skip(1)).All(pair => pair.First.Rejected.End < pair.Second.Rejected.Start);
    }

    [Property(MaxTest = 500)]
    public bool Tokens_BetweenLongEqualNeighbours_EqualTheReference(byte[] first, byte[] second)
    {
        // What the deterministic mode claims: the reference's result for answers between a long equal prompt and equal template tokens, as
        // long as its popularity rule does not set in. Ties between equally long matches go by sides, so the shorter answer comes first.
        int[] a = [.. Few(first).Take(60)], b = [.. Few(second).Take(60)];
        (int[] rejected, int[] chosen) = a.Length < b.Length || (a.Length == b.Length && a.AsSpan().SequenceCompareTo(b) <= 0) ? (a, b) : (b, a);
        int[] before = [.. Enumerable.Range(100, 70)], after = [.. Enumerable.Range(200, 65)];
        int[] rowRejected = [.. before, .. rejected, .. after], rowChosen = [.. before, .. chosen, .. after];

        return SegmentDiff.Tokens<int>(rejected, chosen)
            .Select(s => new TokenSegment(s.Rejected with { Start = s.Rejected.Start + 70 }, s.Chosen with { Start = s.Chosen.Start + 70 }))
            .SequenceEqual(SegmentDiff.Tokens<int>(
                rowRejected, rowChosen, new SegmentDiffOptions { Mode = SegmentDiffMode.ReferenceCompatible }));
    }

    private static int[] Few(byte[]? items) => [.. (items ?? []).Select(item => item % 5)];

    private static string Text(byte[]? items) =>
        string.Concat((items ?? []).Select((item, i) => Vocabulary[item % Vocabulary.Length] + (i % 3 == 2 ? "" : " ")));
}
