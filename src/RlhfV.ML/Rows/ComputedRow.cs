using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Rows;

/// <summary>A row with computed columns, computed when one is first read and once per position.</summary>
/// <param name="schema">The input's schema with the computed columns behind it.</param>
/// <param name="input">The row; owned.</param>
/// <param name="computation">What is computed.</param>
/// <param name="read">Reads the row; null when no computed column is needed.</param>
internal sealed class ComputedRow<TRequest, TResult>(
    DataViewSchema schema, DataViewRow input, RowComputation<TRequest, TResult> computation, Func<TRequest>? read) : DataViewRow
{
    private long _position = -1;
    private TResult? _result;
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < input.Schema.Count ? input.IsColumnActive(input.Schema[column.Index]) : read is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index < input.Schema.Count)
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        if (read is null)
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active; name it when the row is made.");
        return computation.Getter<TValue>(column.Index - input.Schema.Count, Result);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            input.Dispose();
        }

        base.Dispose(disposing);
    }

    private TResult Result()
    {
        if (_position != input.Position)
        {
            _result = computation.Compute([read!()])[0];
            _position = input.Position;
        }

        return _result!;
    }
}
