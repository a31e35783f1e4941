using RlhfV.Training.Examples;

namespace RlhfV.Training.Packing;

/// <summary>
/// Lays pairs out for one pass of the network. With P pairs the score table has 2P rows: the chosen answers first, then the rejected ones
/// in the same order.
/// </summary>
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
        ExamplePicture[] pictures = [.. pairs.SelectMany(pair => pair.Pictures)];
        var batch = new PackedBatch(
            [.. pairs.Select(pair => pair.Id)],
            packed ? pictures : [.. pictures, .. pictures],
            rows: packed ? pairs.Count : 2 * pairs.Count,
            length: pairs.Max(pair => packed ? pair.PackedLength : Math.Max(pair.Chosen.Length, pair.Rejected.Length)),
            tableRows: 2 * pairs.Count,
            columns: pairs.Max(pair => Math.Max(1, Math.Max(pair.Chosen.ScoredTokens, pair.Rejected.ScoredTokens))),
            masked: packed,
            axes: pairs.Max(pair => pair.Chosen.Positions?.Axes ?? 1));
        for (int i = 0; i < pairs.Count; i++)
        {
            if (packed)
            {
                LayPacked(batch, pairs[i], i, pairs.Count);
            }
            else
            {
                RowPacker.Lay(batch, pairs[i].Chosen, i);
                RowPacker.Lay(batch, pairs[i].Rejected, pairs.Count + i);
            }
        }

        return batch;
    }

    private static void LayPacked(PackedBatch batch, EncodedPair pair, int row, int pairs)
    {
        (int shared, int chosenEnd) = (pair.SharedTokens, pair.Chosen.Length);
        batch.Lay(row, at: 0, pair.Chosen, from: 0, to: shared, PackedBatch.SharedBranch);
        batch.Lay(row, at: shared, pair.Chosen, from: shared, to: chosenEnd, ChosenBranch);
        batch.Lay(row, at: chosenEnd, pair.Rejected, from: shared, to: pair.Rejected.Length, RejectedBranch);
        batch.Score(tableRow: row, row, pair.Chosen, from: shared, at: shared);
        batch.Score(tableRow: pairs + row, row, pair.Rejected, from: shared, at: chosenEnd);
    }
}
