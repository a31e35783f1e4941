using RlhfV.Training.Examples;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>Log-probabilities of the starting weights for every scored token of every pair, computed once before the first step.</summary>
internal sealed class ReferenceTable
{
    private readonly Dictionary<EncodedPair, Row> _rows = new(ReferenceEqualityComparer.Instance);

    /// <summary>The log-probabilities of one pair's scored tokens.</summary>
    public readonly record struct Row(float[] Chosen, float[] Rejected)
    {
        /// <summary>Scores of whole answers that take the place of sums over tokens in plain DPO; null where the tokens decide.</summary>
        public RoundedScores? Scores { get; init; }
    }

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

    /// <summary>Fills the table pair by pair, without gradients.</summary>
    /// <param name="pairs">All pairs.</param>
    /// <param name="row">The row of a pair.</param>
    /// <param name="cancellation">Looked at before each pair.</param>
    public static ReferenceTable Compute(IReadOnlyList<EncodedPair> pairs, Func<EncodedPair, Row> row, CancellationToken cancellation)
    {
        var table = new ReferenceTable();
        using IDisposable quiet = no_grad();
        foreach (EncodedPair pair in pairs)
        {
            cancellation.ThrowIfCancellationRequested();
            table[pair] = row(pair);
        }

        return table;
    }

    /// <summary>The rounded scores of some pairs: all chosen answers, then all rejected ones, <c>[2P]</c>, fp32.</summary>
    /// <param name="pairs">The pairs; every one has rounded scores.</param>
    /// <param name="mean">Whether means are wanted instead of sums.</param>
    /// <param name="device">Where the tensor shall live.</param>
    public Tensor Scores(IReadOnlyList<EncodedPair> pairs, bool mean, Device device)
    {
        RoundedScores[] scores = [.. pairs.Select(pair => _rows[pair].Scores!.Value)];
        float[] values =
        [
            .. scores.Select(score => mean ? score.ChosenMean : score.ChosenSum),
            .. scores.Select(score => mean ? score.RejectedMean : score.RejectedSum),
        ];
        return tensor(values, device: device);
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
