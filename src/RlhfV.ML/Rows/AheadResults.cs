using Microsoft.ML;

namespace RlhfV.ML.Rows;

/// <summary>
/// Computes rows in batches on a cursor of its own that runs ahead of the reader's. Rows that the reader passes by without asking are not
/// computed unless they share a batch with one that is.
/// </summary>
/// <param name="ahead">The cursor; owned.</param>
/// <param name="computation">What is computed.</param>
internal sealed class AheadResults<TRequest, TResult>(DataViewRowCursor ahead, RowComputation<TRequest, TResult> computation) : IDisposable
{
    private readonly Func<TRequest> _read = computation.Open(ahead);
    private IReadOnlyList<TResult> _batch = [];
    private long _first;
    private long _row = -1;

    /// <summary>The result of a row; rows are asked for in rising order.</summary>
    /// <param name="row">Number of the row, the first being 0.</param>
    public TResult this[long row]
    {
        get
        {
            if (row >= _first + _batch.Count)
                Fill(row);
            return _batch[(int)(row - _first)];
        }
    }

    public void Dispose() => ahead.Dispose();

    private void Fill(long row)
    {
        while (_row < row)
        {
            if (!MoveNext())
                throw new InvalidOperationException($"The data gave row {row + 1} to one cursor and not to another; expected the same rows every time.");
        }

        var requests = new List<TRequest>(computation.BatchSize) { _read() };
        while (requests.Count < computation.BatchSize && MoveNext())
            requests.Add(_read());

        // Emptied first: after a failure the batch is gone, and the next reading must not see the one before.
        _batch = [];
        _first = row;
        _batch = computation.Compute(requests);
    }

    private bool MoveNext()
    {
        _row++;
        return ahead.MoveNext();
    }
}
