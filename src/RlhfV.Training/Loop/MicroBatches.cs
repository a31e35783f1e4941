namespace RlhfV.Training.Loop;

/// <summary>Cuts the items of a step into passes of the network.</summary>
internal static class MicroBatches
{
    /// <summary>
    /// Sorted by length, so that little is spent on padding; each pass as large as the budget allows. An item longer than the budget goes
    /// alone.
    /// </summary>
    /// <param name="items">Items.</param>
    /// <param name="lengthOf">Tokens of an item.</param>
    /// <param name="tokens">Most tokens of a pass, padding included.</param>
    public static IEnumerable<IReadOnlyList<T>> Cut<T>(IEnumerable<T> items, Func<T, int> lengthOf, int tokens)
    {
        var open = new List<T>();
        int longest = 0;

        // Longest first: what does not fit the memory fails at once and not after half the work.
        foreach (T item in items.OrderByDescending(lengthOf))
        {
            if (open.Count > 0 && (open.Count + 1) * longest > tokens)
            {
                yield return [.. open];
                open.Clear();
            }

            longest = open.Count == 0 ? lengthOf(item) : longest;
            open.Add(item);
        }

        if (open.Count > 0)
        {
            yield return [.. open];
        }
    }
}
