using RlhfV.Training.Packing;

namespace RlhfV.Training;

/// <summary>
/// Which pairs each step sees. Every epoch visits every pair once in its own random order; the last batch of an epoch may be short.
/// A pure function of its arguments, so a resumed run sees what it would have seen.
/// </summary>
/// <param name="pairs">Number of pairs; at least one.</param>
/// <param name="batchSize">Pairs per step.</param>
/// <param name="seed">Decides the orders.</param>
internal sealed class BatchPlan(int pairs, int batchSize, int seed)
{
    private (long Epoch, int[] Order) _current = (-1, []);

    /// <summary>Steps per epoch.</summary>
    public int StepsPerEpoch { get; } = (pairs + batchSize - 1) / batchSize;

    /// <summary>Indices of the pairs of a step, counted from 0 over all epochs.</summary>
    public ReadOnlySpan<int> At(long step)
    {
        long epoch = step / StepsPerEpoch;
        if (_current.Epoch != epoch)
        {
            int[] order = [.. Enumerable.Range(0, pairs)];
            new Random(HashCode(seed, epoch)).Shuffle(order);
            _current = (epoch, order);
        }

        int start = (int)(step % StepsPerEpoch) * batchSize;
        return _current.Order.AsSpan(start, Math.Min(batchSize, pairs - start));
    }

    /// <summary>
    /// Cuts pairs into micro-batches of similar lengths, so that little is spent on padding: sorted by length, each as large as the
    /// budget allows. A pair longer than the budget goes alone.
    /// </summary>
    /// <param name="batch">Pairs.</param>
    /// <param name="tokens">Most tokens of a micro-batch, padding included.</param>
    public static IEnumerable<IReadOnlyList<EncodedPair>> MicroBatches(IEnumerable<EncodedPair> batch, int tokens)
    {
        var open = new List<EncodedPair>();
        int longest = 0;

        // Longest first: a batch that does not fit the memory fails at once and not after half the work.
        foreach (EncodedPair pair in batch.OrderByDescending(pair => pair.PackedLength))
        {
            if (open.Count > 0 && (open.Count + 1) * longest > tokens)
            {
                yield return [.. open];
                open.Clear();
            }

            longest = open.Count == 0 ? pair.PackedLength : longest;
            open.Add(pair);
        }

        if (open.Count > 0)
        {
            yield return [.. open];
        }
    }

    // HashCode.Combine is salted per process and would give every run another order.
    private static int HashCode(int seed, long epoch) => unchecked((seed * 486187739) + (int)epoch);
}
