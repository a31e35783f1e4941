using RlhfV.Training.Examples;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>Log-probabilities of the starting weights for every scored token of every pair, computed once before the first step.</summary>
internal sealed class ReferenceTable
{
    private readonly Dictionary<EncodedPair, Row> _rows = new(ReferenceEqualityComparer.Instance);

    /// <summary>The log-probabilities of one pair's scored tokens.</summary>
    public readonly record struct Row(float[] Chosen, float[] Rejected);

    /// <summary>The row of a pair.</summary>
    public Row this[EncodedPair pair]
    {
        get => _rows[pair];
        set => _rows[pair] = value;
    }

    /// <summary>Fills the table without gradients.</summary>
    /// <param name="pairs">All pairs.</param>
    /// <param name="cut">Cuts them into passes.</param>
    /// <param name="logProbs">Runs the network over a pass, <c>[2P, R]</c>.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    public static ReferenceTable Compute(
        IReadOnlyList<EncodedPair> pairs,
        Func<IEnumerable<EncodedPair>, IEnumerable<IReadOnlyList<EncodedPair>>> cut,
        Func<IReadOnlyList<EncodedPair>, Tensor> logProbs,
        CancellationToken cancellation)
    {
        var table = new ReferenceTable();
        using IDisposable quiet = no_grad();
        foreach (IReadOnlyList<EncodedPair> some in cut(pairs))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor all = logProbs(some).cpu();                                                         // [2P, R]
            float[] values = all.data<float>().ToArray();
            for (int i = 0; i < some.Count; i++)
            {
                table[some[i]] = new Row(Part(i, some[i].Chosen), Part(some.Count + i, some[i].Rejected));
            }

            float[] Part(int row, EncodedSequence sequence) => values.AsSpan((int)(row * all.shape[1]), sequence.ScoredTokens).ToArray();
        }

        return table;
    }

    /// <summary>The values of some pairs as a score table, <c>[2P, R]</c>, fp32; 0 where the table holds no token.</summary>
    public Tensor For(IReadOnlyList<EncodedPair> pairs, int columns, Device device)
    {
        var values = new float[2 * pairs.Count * columns];
        for (int i = 0; i < pairs.Count; i++)
        {
            Row row = _rows[pairs[i]];
            row.Chosen.CopyTo(values, i * columns);
            row.Rejected.CopyTo(values, (pairs.Count + i) * columns);
        }

        return tensor(values, [2L * pairs.Count, columns], device: device);
    }
}
