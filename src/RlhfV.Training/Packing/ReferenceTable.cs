using RlhfV.Models;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Packing;

/// <summary>
/// Log-probabilities of the frozen reference model for every scored token of every pair, computed once before the first step.
/// </summary>
internal sealed class ReferenceTable
{
    private readonly Dictionary<EncodedPair, (float[] Chosen, float[] Rejected)> _rows = new(ReferenceEqualityComparer.Instance);

    /// <summary>Number of pairs.</summary>
    public int Count => _rows.Count;

    /// <summary>Runs the network over all pairs, longest first, without gradients.</summary>
    public static ReferenceTable Compute(
        VisionLanguageNetwork network,
        IReadOnlyList<EncodedPair> pairs,
        PictureStore pictures,
        PairPacker packer,
        int microBatchTokens,
        Device device,
        CancellationToken cancellation)
    {
        var table = new ReferenceTable();
        using IDisposable quiet = no_grad();
        foreach (IReadOnlyList<EncodedPair> some in BatchPlan.MicroBatches(pairs, microBatchTokens))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            PackedBatch batch = packer.Pack(some);
            var tensors = new BatchTensors(batch, device, network.parameters().First().dtype);
            Tensor logProbs = ResponseLogProbs.Compute(network, tensors, pictures.Project(batch));
            table.Add(batch, logProbs.cpu().data<float>().ToArray());
        }

        return table;
    }

    /// <summary>The table's values for a batch, <c>[2P, R]</c>, fp32; 0 where the batch's table holds no token.</summary>
    public Tensor For(PackedBatch batch, Device device)
    {
        var values = new float[2 * batch.Pairs.Count * batch.Columns];
        for (int i = 0; i < batch.Pairs.Count; i++)
        {
            (float[] chosen, float[] rejected) = _rows[batch.Pairs[i]];
            chosen.CopyTo(values, i * batch.Columns);
            rejected.CopyTo(values, (batch.Pairs.Count + i) * batch.Columns);
        }

        return tensor(values, [2L * batch.Pairs.Count, batch.Columns], device: device);
    }

    private void Add(PackedBatch batch, float[] values)
    {
        for (int i = 0; i < batch.Pairs.Count; i++)
        {
            EncodedPair pair = batch.Pairs[i];
            _rows.Add(pair, (Row(i, pair.Chosen.ScoredTokens), Row(batch.Pairs.Count + i, pair.Rejected.ScoredTokens)));
        }

        float[] Row(int row, int length) => values.AsSpan(row * batch.Columns, length).ToArray();
    }
}
