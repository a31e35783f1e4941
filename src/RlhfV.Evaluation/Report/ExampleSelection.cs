namespace RlhfV.Evaluation;

/// <summary>
/// Chooses the items a report shows: most where the base model hallucinates and the aligned one less, and always some where it did not
/// help, since a page of successes alone teaches nobody where a model still fails.
/// </summary>
internal static class ExampleSelection
{
    private static readonly (ExampleKind Kind, double Share)[] Shares =
        [(ExampleKind.Improved, 0.6), (ExampleKind.Worse, 0.15), (ExampleKind.Unchanged, 0.15), (ExampleKind.Faithful, 0.1)];

    /// <summary>
    /// Up to <paramref name="count"/> items, grouped by kind in the order of <see cref="ExampleKind"/>. Successes are spread evenly over
    /// the data, not picked by size of effect; failures are the worst ones, with most hallucinated segments under the aligned model. A kind
    /// with too few items leaves its places to the kinds before it in the list.
    /// </summary>
    public static IReadOnlyList<ReportExample> Choose(
        IReadOnlyList<ResponseAssessment> before, IReadOnlyList<ResponseAssessment> after, int count)
    {
        ILookup<ExampleKind, ReportExample> byKind = ResponsePairs.Match(before, after)
            .Select(pair => new ReportExample(pair.Baseline, pair.Candidate))
            .ToLookup(example => example.Kind);
        int[] places = Places(count, [.. Shares.Select(s => byKind[s.Kind].Count())]);
        return [.. Shares.SelectMany((s, i) => Pick(s.Kind, [.. byKind[s.Kind]], places[i]))];
    }

    private static int[] Places(int count, int[] available)
    {
        int[] places = [.. Shares.Select((s, i) => Math.Min(available[i], (int)Math.Round(s.Share * count)))];
        int left = count - places.Sum();
        for (int i = 0; i < places.Length && left > 0; i++)
        {
            int more = Math.Min(left, available[i] - places[i]);
            places[i] += more;
            left -= more;
        }

        // Rounding may have given a place too many; the last kinds hand it back.
        for (int i = places.Length - 1; i >= 0 && left < 0; i--)
        {
            int fewer = Math.Min(-left, places[i]);
            places[i] -= fewer;
            left += fewer;
        }

        return places;
    }

    private static IEnumerable<ReportExample> Pick(ExampleKind kind, ReportExample[] examples, int count) =>
        kind is ExampleKind.Worse or ExampleKind.Unchanged
            ? examples.OrderByDescending(example => example.Aligned.Segments.Count).Take(count) // Stable: equally bad ones in their order.
            : Spread(examples, count);

    private static IEnumerable<ReportExample> Spread(ReportExample[] examples, int count) =>
        Enumerable.Range(0, count).Select(i => examples[(int)((i + 0.5) * examples.Length / count)]);
}
