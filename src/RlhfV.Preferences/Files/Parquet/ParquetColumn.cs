using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>One top column that is being written, with the values of the row group so far.</summary>
internal abstract class ParquetColumn
{
    /// <summary>The column in the file's schema.</summary>
    public abstract Field Field { get; }

    /// <summary>The column's type in Hugging Face's terms, as JSON.</summary>
    public abstract string Feature { get; }

    /// <summary>Writes the buffered values to a row group and forgets them.</summary>
    public abstract void Flush(ParquetRowGroupWriter group);

    private protected static void Write<T>(ParquetRowGroupWriter group, DataField field, List<T> values, List<int> levels)
        where T : struct
    {
        SynchronousStream.Result(group.WriteAllPartsAsync<T>(field, values.ToArray(), levels.ToArray(), null, CancellationToken.None));
        values.Clear();
        levels.Clear();
    }
}
