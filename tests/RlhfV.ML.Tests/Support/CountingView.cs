using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Tests;

/// <summary>
/// Data that counts how often a value of one column is asked for, and which of its cursors are still open. Stock transforms would not do:
/// they compute ahead on threads of their own.
/// </summary>
internal sealed class CountingView(IDataView source, string column) : IDataView
{
    public int Values { get; private set; }

    public int OpenCursors { get; private set; }

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        OpenCursors++;
        return new Cursor(this, source.GetRowCursor(columnsNeeded, rand), column);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CountingView view, DataViewRowCursor source, string counted) : DataViewRowCursor
    {
        private bool _disposed;

        public override DataViewSchema Schema => source.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext() => source.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> get = source.GetGetter<TValue>(column);
            if (column.Name != counted)
                return get;
            return (ref TValue value) =>
            {
                view.Values++;
                get(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                view.OpenCursors--;
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
