namespace RlhfV.Models.Generation;

/// <summary>Chooses the next token of one sequence from its logits. Owns its random numbers, so a sequence's draws do not depend on its neighbours.</summary>
/// <param name="options">Decoding options.</param>
/// <param name="seed">Seed of this sequence.</param>
internal sealed class TokenSampler(GenerationOptions options, int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<int> _seen = [];

    /// <summary>Whether <see cref="Choose"/> changes the logits it is given.</summary>
    public bool ChangesLogits => options.RepetitionPenalty != 1;

    /// <summary>Notes tokens for the repetition penalty.</summary>
    public void Note(IEnumerable<int> ids)
    {
        if (ChangesLogits)
        {
            _seen.UnionWith(ids);
        }
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">Logits over the vocabulary; changed by the call.</param>
    public int Choose(Span<float> logits)
    {
        foreach (int id in _seen)
        {
            if (id >= logits.Length)
            {
                continue; // an image token without a row in the table
            }

            logits[id] = (float)(logits[id] > 0 ? logits[id] / options.RepetitionPenalty : logits[id] * options.RepetitionPenalty);
        }

        int chosen = options.Temperature == 0 ? IndexOfLargest(logits) : Draw(logits);
        if (ChangesLogits)
        {
            _seen.Add(chosen);
        }

        return chosen;
    }

    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }

    private int Draw(ReadOnlySpan<float> logits)
    {
        float largest = logits[IndexOfLargest(logits)];
        var weights = new double[logits.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Exp((logits[i] - largest) / options.Temperature);
        }

        if (options.TopK > 0 || options.TopP < 1 || options.MinP > 0)
        {
            Filter(weights);
        }

        double target = _random.NextDouble() * weights.Sum();
        int last = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0)
            {
                last = i;
                target -= weights[i];
                if (target < 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    // Order as in transformers: top-k, then top-p over what is left, then min-p relative to the likeliest.
    private void Filter(double[] weights)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length)];
        Array.Sort([.. weights.Select(w => -w)], order);
        int keep = options.TopK > 0 ? Math.Min(options.TopK, weights.Length) : weights.Length;
        double total = order.Take(keep).Sum(i => weights[i]);
        double floor = options.MinP * weights[order[0]];
        double sum = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            bool inside = rank < keep && (rank == 0 || sum < options.TopP * total) && weights[order[rank]] >= floor;
            sum += weights[order[rank]];
            if (!inside)
            {
                weights[order[rank]] = 0;
            }
        }
    }
}
