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

        return SegmentDiff.Words(a, b).SequenceEqual(SegmentDiff.Words(b, a).Select(segment => new TextSegment(segment.Chosen, segment.Rejected)));
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

    private static int[] Few(byte[]? items) => [.. (items ?? []).Select(item => item % 5)];

    private static string Text(byte[]? items) =>
        string.Concat((items ?? []).Select((item, i) => Vocabulary[item % Vocabulary.Length] + (i % 3 == 2 ? "" : " ")));
}
