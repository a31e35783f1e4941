using Microsoft.ML;
using RlhfV.ML.Columns;

namespace RlhfV.ML.Captioning;

/// <summary>Data with a column of answers behind its own columns.</summary>
internal sealed class CaptionView : IDataView
{
    private readonly IDataView _source;
    private readonly Captioner _captioner;
    private readonly CaptionOptions _options;
    private readonly CaptionColumns _columns;

    public CaptionView(IDataView source, Captioner captioner, CaptionOptions options)
    {
        (_source, _captioner, _options) = (source, captioner, options);
        _columns = CaptionColumns.Find(source.Schema, options);
        Schema = TextOutput.Append(source.Schema, options.OutputColumnName);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        HashSet<int> needed = [.. columnsNeeded.Select(column => column.Index)];
        DataViewSchema.Column[] passed = [.. _source.Schema.Where(column => needed.Contains(column.Index))];
        if (!needed.Contains(_source.Schema.Count))
            return new CaptionCursor(Schema, _source.GetRowCursor(passed, rand), answers: null);

        // One cursor stays in step for the columns that pass through, one reads ahead: equal seeds give both the same shuffled order.
        int? seed = rand?.Next();
        DataViewRowCursor current = _source.GetRowCursor(passed, Generator());
        try
        {
            DataViewRowCursor ahead = _source.GetRowCursor(_source.Schema.Where(_columns.Contains), Generator());
            return new CaptionCursor(Schema, current, new AheadAnswers(ahead, _columns, _captioner, _options));
        }
        catch
        {
            current.Dispose();
            throw;
        }

        Random? Generator() => seed is { } value ? new Random(value) : null;
    }

    // One cursor: the batches inside it are the parallelism, and parallel cursors would multiply their memory.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
