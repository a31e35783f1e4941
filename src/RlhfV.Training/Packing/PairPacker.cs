namespace RlhfV.Training.Packing;

/// <summary>Lays pairs out for one pass of the network.</summary>
/// <param name="layout">How.</param>
public sealed class PairPacker(PairLayout layout = PairLayout.Packed)
{
    private const long ChosenBranch = 1;
    private const long RejectedBranch = 2;

    /// <summary>Lays pairs out.</summary>
    /// <param name="pairs">At least one pair.</param>
    /// <exception cref="ArgumentException">There is no pair.</exception>
    public PackedBatch Pack(IReadOnlyList<EncodedPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0)
        {
            throw new ArgumentException("A batch needs at least one pair.", nameof(pairs));
        }

        bool packed = layout == PairLayout.Packed;
        var batch = new PackedBatch(
            pairs,
            layout,
            rows: packed ? pairs.Count : 2 * pairs.Count,
            length: pairs.Max(pair => packed ? pair.PackedLength : Math.Max(pair.Chosen.Length, pair.Rejected.Length)),
            columns: pairs.Max(pair => Math.Max(pair.Chosen.ScoredTokens, pair.Rejected.ScoredTokens)));
        var predictors = new Dictionary<long, long>();
        for (int i = 0; i < pairs.Count; i++)
        {
            EncodedPair pair = pairs[i];
            if (packed)
            {
                LayShared(batch, i, pair);
                LayBranch(batch, i, pair.Chosen, pair.SharedTokens, pair.SharedTokens, ChosenBranch);
                LayBranch(batch, i, pair.Rejected, pair.SharedTokens, pair.Chosen.Length, RejectedBranch);
                Score(batch, predictors, tableRow: i, i, pair.Chosen, pair.SharedTokens, pair.SharedTokens);
                Score(batch, predictors, tableRow: pairs.Count + i, i, pair.Rejected, pair.SharedTokens, pair.Chosen.Length);
            }
            else
            {
                LayBranch(batch, i, pair.Chosen, from: 0, at: 0, PackedBatch.SharedBranch);
                LayBranch(batch, pairs.Count + i, pair.Rejected, from: 0, at: 0, PackedBatch.SharedBranch);
                Score(batch, predictors, tableRow: i, i, pair.Chosen, from: 0, at: 0);
                Score(batch, predictors, tableRow: pairs.Count + i, pairs.Count + i, pair.Rejected, from: 0, at: 0);
            }
        }

        batch.Predictors = [.. predictors.Keys];
        return batch;
    }

    private static void LayShared(PackedBatch batch, int row, EncodedPair pair)
    {
        for (int t = 0; t < pair.SharedTokens; t++)
        {
            Lay(batch, row, at: t, pair.Chosen.Ids[t], position: t, PackedBatch.SharedBranch);
        }
    }

    /// <summary>Lays tokens <c>from ..</c> of a sequence at column <c>at</c> of a row; their positions are those in the sequence.</summary>
    private static void LayBranch(PackedBatch batch, int row, EncodedSequence sequence, int from, int at, long branch)
    {
        for (int t = from; t < sequence.Length; t++)
        {
            Lay(batch, row, at + t - from, sequence.Ids[t], position: t, branch);
        }
    }

    private static void Lay(PackedBatch batch, int row, int at, int id, int position, long branch)
    {
        int cell = row * batch.Length + at;
        (batch.Ids[cell], batch.Positions[cell], batch.Branches[cell]) = (id, position, branch);
        batch.Tokens++;
    }

    /// <summary>Fills one row of the score table; the token before the branch's first one is the last of the shared beginning.</summary>
    private static void Score(
        PackedBatch batch, Dictionary<long, long> predictors, int tableRow, int row, EncodedSequence sequence, int from, int at)
    {
        int cell = tableRow * batch.Columns;
        for (int t = 1; t < sequence.Length; t++)
        {
            if (sequence.Roles[t] == TokenRole.Unscored)
            {
                continue;
            }

            int before = t - 1 < from ? t - 1 : at + t - 1 - from;
            long predictor = (long)row * batch.Length + before;
            if (!predictors.TryGetValue(predictor, out long index))
            {
                predictors.Add(predictor, index = predictors.Count);
            }

            batch.PredictorOf[cell] = index;
            batch.Targets[cell] = sequence.Ids[t];
            batch.Scored[cell] = 1;
            batch.Changed[cell] = sequence.Roles[t] == TokenRole.Changed ? 1 : 0;
            cell++;
        }
    }
}
