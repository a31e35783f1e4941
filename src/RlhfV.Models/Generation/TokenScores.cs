using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>What decoding options do to the scores of the next token, in the order of transformers.</summary>
internal static class TokenScores
{
    /// <summary>Applies repetition penalty and suppressed tokens.</summary>
    /// <param name="scores">Logits or log-probabilities over the vocabulary; changed by the call.</param>
    /// <param name="seen">Tokens of prompt and answer, each once.</param>
    /// <param name="options">Decoding options.</param>
    public static void Process(Span<float> scores, IEnumerable<int> seen, GenerationOptions options)
    {
        if (options.RepetitionPenalty != 1)
        {
            foreach (int id in seen)
            {
                // An image token may have no row in the table.
                if (id < scores.Length)
                {
                    scores[id] = (float)(scores[id] > 0 ? scores[id] / options.RepetitionPenalty : scores[id] * options.RepetitionPenalty);
                }
            }
        }

        foreach (int id in options.SuppressedTokens)
        {
            if (id < scores.Length)
            {
                scores[id] = float.NegativeInfinity;
            }
        }
    }

    /// <summary>Weights to draw from: the softmax at the options' temperature up to a factor, 0 for what the filters exclude.</summary>
    /// <param name="scores">Logits or log-probabilities over the vocabulary.</param>
    /// <param name="options">Decoding options with a temperature above 0.</param>
    public static double[] Weights(ReadOnlySpan<float> scores, GenerationOptions options)
    {
        float largest = scores[IndexOfLargest(scores)];
        var weights = new double[scores.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Exp((scores[i] - largest) / options.Temperature);
        }

        if (options.TopK > 0 || options.TopP < 1 || options.MinP > 0)
        {
            Filter(weights, options);
        }

        return weights;
    }

    /// <summary>Refuses logits that are not numbers, from which a token would be chosen all the same.</summary>
    /// <param name="logits">Logits.</param>
    /// <param name="type">Type in which the network computes.</param>
    /// <exception cref="InvalidOperationException">Some are not numbers, or above all numbers.</exception>
    public static void RequireNumbers(ReadOnlySpan<float> logits, ScalarType type)
    {
        foreach (float logit in logits)
        {
            if (!(logit < float.PositiveInfinity))
            {
                throw new InvalidOperationException(
                    $"The network's logits hold {(float.IsNaN(logit) ? "values that are not numbers" : "infinite values")}: either its weights do, or "
                    + $"{type}, in which it computes, overflows. Load it with another {nameof(VisionLanguageModelOptions.ComputeType)} (BFloat16 or Float32), "
                    + "and if that does not help, get the checkpoint anew.");
            }
        }
    }

    /// <summary>The place of the largest value, the first of equals.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
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

    /// <summary>Logarithm of the sum of exponentials.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        float largest = logits[IndexOfLargest(logits)];
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return largest + Math.Log(sum);
    }

    // Order as in transformers: top-k, then top-p over what is left, then min-p relative to the likeliest.
    private static void Filter(double[] weights, GenerationOptions options)
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
