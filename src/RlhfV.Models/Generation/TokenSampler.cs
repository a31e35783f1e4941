namespace RlhfV.Models.Generation;

/// <summary>Chooses the next token of one sequence from its logits. Owns its random numbers, so a sequence's draws do not depend on its neighbours.</summary>
/// <param name="options">Decoding options.</param>
/// <param name="seed">Seed of this sequence.</param>
internal sealed class TokenSampler(GenerationOptions options, int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<int> _seen = [];

    /// <summary>Whether <see cref="Choose"/> changes the logits it is given.</summary>
    public bool ChangesLogits => options.RepetitionPenalty != 1 || options.SuppressedTokens.Count > 0;

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
        TokenScores.Process(logits, _seen, options);
        int chosen = options.Temperature == 0 ? TokenScores.IndexOfLargest(logits) : Draw(logits);
        if (ChangesLogits)
        {
            _seen.Add(chosen);
        }

        return chosen;
    }

    private int Draw(ReadOnlySpan<float> logits)
    {
        double[] weights = TokenScores.Weights(logits, options);
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
}
