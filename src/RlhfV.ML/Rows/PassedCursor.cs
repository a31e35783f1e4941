using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Rows;

/// <summary>Passes the source's columns through where no computed one is needed.</summary>
/// <param name="schema">The source's schema with the computed columns behind it.</param>
/// <param name="source">The source's cursor; owned.</param>
internal sealed class PassedCursor(DataViewSchema schema, DataViewRowCursor source) : DataViewRowCursor
{
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < source.Schema.Count && source.IsColumnActive(source.Schema[column.Index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index < source.Schema.Count
        ? source.GetGetter<TValue>(source.Schema[column.Index])
        : throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active; name it when the cursor is made.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
