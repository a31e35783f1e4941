using System.Runtime.ExceptionServices;
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
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <summary>
    /// The result of a row; rows are asked for in rising order. A batch that failed fails for every row of it, as often as one is asked for.
    /// </summary>
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
        // The cursor has passed the rows of the failed batch: what it stands on now would be taken for one of them.
        if (row <= _row)
            _failure?.Throw();
        (_failure, _batch, _first) = (null, [], row);
        try
        {
            _batch = computation.Compute(Read(row));
        }
        catch (Exception problem)
        {
            _failure = ExceptionDispatchInfo.Capture(problem);
            throw;
        }
    }

    private List<TRequest> Read(long row)
    {
        while (_row < row)
            MoveNext();
        if (_ended)
        {
            throw new InvalidOperationException(
                $"The data gave row {row + 1} to one cursor and not to another; expected the same rows every time. Where data can be read only "
                + "once, leave out the columns of pictures that are read beside the computed ones, or set BatchSize to 1.");
        }

        var requests = new List<TRequest>(computation.BatchSize) { _read() };
        while (requests.Count < computation.BatchSize && MoveNext())
            requests.Add(_read());
        return requests;
    }

    private bool MoveNext()
    {
        _row++;
        _ended = _ended || !ahead.MoveNext();
        return !_ended;
    }
}
