namespace RlhfV.Preferences;

/// <summary>Mixes data sets.</summary>
public static class PreferenceMixer
{
    /// <summary>
    /// Draws examples at random from several data sets, each in its own order, lazily: memory does not grow with them. Equal seeds and
    /// ingredients give equal mixes.
    /// </summary>
    /// <param name="sources">The ingredients.</param>
    /// <param name="seed">Another seed gives another order.</param>
    /// <param name="until">When the mix ends.</param>
    /// <exception cref="ArgumentException">There are no ingredients.</exception>
    public static IEnumerable<PreferenceExample> Mix(
        IReadOnlyList<WeightedPreferences> sources, int seed, MixUntil until = MixUntil.AllEnd)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return sources.Count > 0
            ? Draw([.. sources], seed, until)
            : throw new ArgumentException("There is nothing to mix.", nameof(sources));
    }

    private static IEnumerable<PreferenceExample> Draw(WeightedPreferences[] sources, int seed, MixUntil until)
    {
        var random = new Random(seed);
        var open = new List<IEnumerator<PreferenceExample>>();
        try
        {
            foreach (WeightedPreferences source in sources)
                open.Add(source.Examples.GetEnumerator());

            List<int> left = [.. Enumerable.Range(0, sources.Length)];
            while (left.Count > 0)
            {
                int drawn = DrawIndex(sources, left, random);
                if (open[drawn].MoveNext())
                    yield return open[drawn].Current;
                else if (until == MixUntil.OneEnds)
                    yield break;
                else
                    left.Remove(drawn);
            }
        }
        finally
        {
            foreach (IEnumerator<PreferenceExample> enumerator in open)
                enumerator.Dispose();
        }
    }

    private static int DrawIndex(WeightedPreferences[] sources, List<int> left, Random random)
    {
        double place = random.NextDouble() * left.Sum(index => sources[index].Weight);
        foreach (int index in left)
        {
            place -= sources[index].Weight;
            if (place < 0)
                return index;
        }

        return left[^1];
    }
}
