using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Rows;

/// <summary>
/// Passes the source's columns through and adds computed ones, computed in batches on the one cursor: it runs ahead, and the rows that it
/// passes are kept until the reader comes to them. Data that can be read only once, a stream, is read rightly so. Nothing is computed for rows
/// that the reader passes by without asking, unless they share a batch with one that it asks for.
/// </summary>
internal sealed class BatchedCursor<TRequest, TResult> : DataViewRowCursor
{
    private readonly DataViewSchema _schema;
    private readonly DataViewRowCursor _source;
    private readonly RowComputation<TRequest, TResult> _computation;
    private readonly Func<TRequest> _read;
    private readonly ValueGetter<DataViewRowId> _getId;
    private readonly HashSet<int> _passed;
    private readonly int _batchSize;
    private readonly Dictionary<int, KeptColumn> _columns;
    private readonly List<KeptRow> _rows = [];
    private IReadOnlyList<TResult>? _results;
    private ExceptionDispatchInfo? _failure;
    private ExceptionDispatchInfo? _end;
    private int _index;
    private bool _isOnRow;
    private bool _isBehind;
    private bool? _next;
    private bool _disposed;

    /// <summary>Opens the columns.</summary>
    /// <param name="schema">The source's schema with the computed columns behind it.</param>
    /// <param name="source">The source's cursor, the passed columns and the computation's inputs being active; owned.</param>
    /// <param name="passed">The columns that the reader needs. With one that cannot be kept, rows are computed one at a time.</param>
    /// <param name="computation">What is computed.</param>
    public BatchedCursor(
        DataViewSchema schema, DataViewRowCursor source, IReadOnlyList<DataViewSchema.Column> passed, RowComputation<TRequest, TResult> computation)
    {
        (_schema, _source, _computation) = (schema, source, computation);
        (_read, _getId) = (computation.Open(source), source.GetIdGetter());
        _passed = [.. passed.Select(column => column.Index)];
        _batchSize = passed.All(column => KeptColumn.Fits(column.Type)) ? computation.BatchSize : 1;
        _columns = _batchSize == 1 ? [] : passed.ToDictionary(column => column.Index, column => KeptColumn.Open(source, column));
    }

    public override DataViewSchema Schema => _schema;

    public override long Position => _isBehind ? _rows[_index].Position : _source.Position;

    public override long Batch => _isBehind ? _rows[_index].Batch : _source.Batch;

    private int? Place => _isBehind ? _index : null;

    public override bool MoveNext()
    {
        if (_isBehind && _index < _rows.Count - 1)
        {
            _index++;
            return true;
        }

        Cut(0);
        (_results, _failure, _index, _isBehind, _isOnRow) = (null, null, 0, false, false);
        _end?.Throw();
        _isOnRow = _next ?? _source.MoveNext();
        _next = _isOnRow ? null : false;
        return _isOnRow;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index >= _source.Schema.Count || _passed.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        if (_isBehind)
            id = _rows[_index].Id;
        else
            _getId(ref id);
    };

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index >= _source.Schema.Count)
            return _computation.Getter<TValue>(column.Index - _source.Schema.Count, Result);
        if (!_passed.Contains(column.Index))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active; name it when the cursor is made.");
        if (!_columns.TryGetValue(column.Index, out KeptColumn? kept))
            return _source.GetGetter<TValue>(_source.Schema[column.Index]);
        return kept.Getter(() => Place) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' was asked for as {typeof(TValue)}; it is {column.Type}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            (_disposed, _isOnRow, _isBehind) = (true, false, false);
            Cut(0);
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private TResult Result()
    {
        if (!_isOnRow)
            throw new InvalidOperationException("The cursor stands on no row; call MoveNext first, and stop when it says false.");

        // A batch that failed fails for every row of it, as often as one is asked for.
        _failure?.Throw();
        return (_results ??= Compute())[_index];
    }

    private IReadOnlyList<TResult> Compute()
    {
        var requests = new List<TRequest>(_batchSize) { _read() };
        bool goesOn = _batchSize > 1 && TryKeep();
        while (goesOn && requests.Count < _batchSize)
            goesOn = TryReadNext(requests);

        try
        {
            return _computation.Compute(requests);
        }
        catch (Exception problem)
        {
            _failure = ExceptionDispatchInfo.Capture(problem);
            throw;
        }
    }

    /// <summary>Moves on and adds the row to the batch. One that cannot be read ends the batch; the reader is told when it comes there.</summary>
    private bool TryReadNext(List<TRequest> requests)
    {
        _isBehind = true;
        try
        {
            _next = _source.MoveNext();
        }
        catch (Exception problem) // told by MoveNext: what could be read before is good
        {
            _end = ExceptionDispatchInfo.Capture(problem);
            return false;
        }

        if (_next == false)
            return false;
        TRequest request;
        try
        {
            request = _read();
        }
        catch (Exception) // asked for its answer, the row says so itself
        {
            return false;
        }

        if (!TryKeep())
            return false;
        requests.Add(request);
        _next = null;
        return true;
    }

    private bool TryKeep()
    {
        int count = _rows.Count;
        try
        {
            foreach (KeptColumn column in _columns.Values)
                column.Keep();
        }
        catch (Exception) // asked for that column, the row says so itself
        {
            Cut(count);
            return false;
        }

        DataViewRowId id = default;
        _getId(ref id);
        _rows.Add(new KeptRow(_source.Position, _source.Batch, id));
        return true;
    }

    private void Cut(int count)
    {
        foreach (KeptColumn column in _columns.Values)
            column.Cut(count);
        _rows.RemoveRange(count, _rows.Count - count);
    }

    /// <summary>Where a kept row stood.</summary>
    private readonly record struct KeptRow(long Position, long Batch, DataViewRowId Id);
}
