using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Rows;

/// <summary>Passes the source's columns through and adds computed ones, if they are asked for.</summary>
/// <param name="schema">The source's schema with the computed columns behind it.</param>
/// <param name="source">The source's cursor; owned.</param>
/// <param name="computation">What is computed.</param>
/// <param name="ahead">The results; owned. Null when no computed column is needed.</param>
internal sealed class ComputedCursor<TRequest, TResult>(
    DataViewSchema schema, DataViewRowCursor source, RowComputation<TRequest, TResult> computation, AheadResults<TRequest, TResult>? ahead)
    : DataViewRowCursor
{
    private long _row = -1;
    private bool _isOnRow;
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    // Rows are counted here: what a source calls a row's position may have gaps.
    public override bool MoveNext()
    {
        _row++;
        return _isOnRow = source.MoveNext();
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < source.Schema.Count ? source.IsColumnActive(source.Schema[column.Index]) : ahead is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index < source.Schema.Count)
            return source.GetGetter<TValue>(source.Schema[column.Index]);
        if (ahead is null)
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active; name it when the cursor is made.");
        return computation.Getter<TValue>(column.Index - source.Schema.Count, () => _isOnRow
            ? ahead[_row]
            : throw new InvalidOperationException("The cursor stands on no row; call MoveNext first, and stop when it says false."));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            (_disposed, _isOnRow) = (true, false);
            source.Dispose();
            ahead?.Dispose();
        }

        base.Dispose(disposing);
    }
}
