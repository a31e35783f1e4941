using RlhfV.Training.Examples;

namespace RlhfV.Training.Packing;

/// <summary>
/// Lays answered prompts out for one pass of the network, one row each, padded at the end. The score table has the same rows.
/// </summary>
public static class RowPacker
{
    /// <summary>Lays answered prompts out.</summary>
    /// <param name="answers">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PackedBatch Pack(IReadOnlyList<EncodedInstruction> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (answers.Count == 0)
        {
            throw new ArgumentException("A batch needs at least one answer.", nameof(answers));
        }

        var batch = new PackedBatch(
            [.. answers.Select(answer => answer.Id)],
            [.. answers.SelectMany(answer => answer.Pictures)],
            rows: answers.Count,
            length: answers.Max(answer => answer.Sequence.Length),
            tableRows: answers.Count,
            columns: answers.Max(answer => answer.Sequence.ScoredTokens),
            masked: false,
            axes: answers.Max(answer => answer.Sequence.Positions?.Axes ?? 1));
        for (int i = 0; i < answers.Count; i++)
        {
            Lay(batch, answers[i].Sequence, i);
        }

        return batch;
    }

    /// <summary>Lays a whole sequence into a row of its own.</summary>
    internal static void Lay(PackedBatch batch, EncodedSequence sequence, int row)
    {
        batch.Lay(row, at: 0, sequence, from: 0, to: sequence.Length, PackedBatch.SharedBranch);
        batch.Score(row, row, sequence, from: 0, at: 0);
    }
}
