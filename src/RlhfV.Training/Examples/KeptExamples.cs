namespace RlhfV.Training.Examples;

/// <summary>Tells of examples that <see cref="InvalidExamplePolicy.Keep"/> kept.</summary>
internal static class KeptExamples
{
    private const int Named = 5;

    /// <summary>One sentence per kind, with the number and the first names.</summary>
    /// <param name="pairs">All pairs.</param>
    /// <param name="maxTokens">Where rows were cut.</param>
    public static IEnumerable<string> Describe(IReadOnlyList<EncodedPair> pairs, int maxTokens)
    {
        EncodedPair[] cut = [.. pairs.Where(pair => pair.Chosen.WasCut || pair.Rejected.WasCut)];
        if (cut.Length > 0)
        {
            yield return $"{cut.Length} of {pairs.Count} examples were cut at {maxTokens} tokens: {Names(cut)}.";
        }

        EncodedPair[] empty = [.. pairs.Where(TeachesNothing)];
        if (empty.Length > 0)
        {
            yield return $"{empty.Length} of {pairs.Count} examples teach nothing and were kept, adding log 2 to the loss and no gradient, for no token "
                + $"of their answers is left or both are equal: {Names(empty)}.";
        }
    }

    /// <summary>Refuses rows whose mean would be that of no tokens.</summary>
    /// <param name="pairs">All pairs.</param>
    /// <exception cref="ArgumentException">There is such a row.</exception>
    public static void RequireTokens(IReadOnlyList<EncodedPair> pairs)
    {
        EncodedPair[] empty = [.. pairs.Where(pair => pair.Chosen.ScoredTokens == 0 || pair.Rejected.ScoredTokens == 0)];
        if (empty.Length > 0)
        {
            throw new ArgumentException(
                $"No token is left of an answer of {empty.Length} examples ({Names(empty)}), and the mean of none is not a number. "
                + $"Set {nameof(DenseDpoOptions.Normalize)} to false, leave them out with {nameof(InvalidExamplePolicy)}.{InvalidExamplePolicy.Skip}, "
                + $"or raise {nameof(DenseDpoOptions.MaxTokens)}.", "examples");
        }
    }

    private static bool TeachesNothing(EncodedPair pair) =>
        (pair.Chosen.ScoredTokens == 0 && pair.Rejected.ScoredTokens == 0)
        || (pair.Chosen.Length == pair.Rejected.Length && pair.SharedTokens == pair.Chosen.Length);

    private static string Names(EncodedPair[] pairs) =>
        string.Join(", ", pairs.Take(Named).Select(pair => pair.Id)) + (pairs.Length > Named ? $" and {pairs.Length - Named} more" : "");
}
