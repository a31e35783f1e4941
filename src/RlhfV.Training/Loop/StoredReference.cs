using RlhfV.Training.Examples;

namespace RlhfV.Training.Loop;

/// <summary>Takes reference log-probabilities from where examples brought them, if they are of this model.</summary>
internal static class StoredReference
{
    // The released code stores bf16 values, three digits; another model is off by whole units.
    private const double Tolerance = 0.05;

    /// <summary>Makes the table.</summary>
    /// <param name="pairs">The pairs, each with stored values.</param>
    /// <param name="compute">Computes the table of some pairs.</param>
    /// <exception cref="ArgumentException">The stored values are of another model.</exception>
    public static ReferenceTable Take(IReadOnlyList<EncodedPair> pairs, Func<IReadOnlyList<EncodedPair>, ReferenceTable> compute)
    {
        var table = new ReferenceTable();
        foreach (EncodedPair pair in pairs)
        {
            table[pair] = pair.StoredReference ?? throw new InvalidOperationException($"{pair.Id} was encoded without stored values.");
        }

        EncodedPair? probe = pairs.Where(pair => pair.Chosen.ScoredTokens + pair.Rejected.ScoredTokens > 0).MinBy(pair => pair.PackedLength);
        if (probe is null)
        {
            return table;
        }

        ReferenceTable.Row computed = compute([probe])[probe], stored = table[probe];
        double difference = computed.Chosen.Zip(stored.Chosen).Concat(computed.Rejected.Zip(stored.Rejected))
            .Average(token => Math.Abs((double)token.First - token.Second));
        return difference <= Tolerance
            ? table
            : throw new ArgumentException(
                $"The stored reference log-probabilities of {probe.Id} differ from this model's by {difference:G3} nat a token; expected at most "
                + $"{Tolerance}. They are of another model, tokenizer, template or picture: compute them again, or use "
                + $"{nameof(ReferenceSource)}.{nameof(ReferenceSource.Computed)}.",
                nameof(pairs));
    }
}
