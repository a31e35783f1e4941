using Microsoft.ML;

namespace RlhfV.ML.Rows;

/// <summary>Data with computed columns behind its own.</summary>
internal sealed class ComputedView<TRequest, TResult> : IDataView
{
    private readonly IDataView _source;
    private readonly RowComputation<TRequest, TResult> _computation;
    private readonly IReadOnlyList<DataViewSchema.Column> _inputs;

    public ComputedView(IDataView source, RowComputation<TRequest, TResult> computation)
    {
        (_source, _computation) = (source, computation);
        _inputs = computation.FindInputs(source.Schema);
        Schema = computation.Extend(source.Schema);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        HashSet<int> needed = [.. columnsNeeded.Select(column => column.Index)];
        DataViewSchema.Column[] passed = [.. _source.Schema.Where(column => needed.Contains(column.Index))];
        if (needed.All(index => index < _source.Schema.Count))
            return new PassedCursor(Schema, _source.GetRowCursor(passed, rand));

        // The inputs need not be among what the reader needs.
        DataViewRowCursor cursor = _source.GetRowCursor(passed.UnionBy(_inputs, column => column.Index), rand);
        try
        {
            return new BatchedCursor<TRequest, TResult>(Schema, cursor, passed, _computation);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    // One cursor: the batches inside it are the parallelism, and parallel cursors would multiply their memory.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
