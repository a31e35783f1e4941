using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>Writes a parquet file of optional text, integer and picture columns, buffering one row group.</summary>
internal sealed class ParquetWriterTable
{
    /// <summary>Rows of one group at most: what Hugging Face's own writer uses for data sets with pictures is 100; texts alone are small.</summary>
    private const int RowsPerGroup = 1000;

    /// <summary>Picture bytes of one group at most, so that readers need little memory.</summary>
    private const long BytesPerGroup = 16 * 1024 * 1024;

    private readonly IReadOnlyList<ParquetColumn> _columns;
    private readonly ParquetWriter _writer;
    private readonly SynchronousStream _stream;
    private int _rows;
    private long _bytes;

    public ParquetWriterTable(Stream stream, IReadOnlyList<ParquetColumn> columns, IReadOnlyDictionary<string, string> metadata)
    {
        _columns = columns;
        _stream = new SynchronousStream(stream);
        _writer = SynchronousStream.Result(ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(column => column.Field)), _stream));
        _writer.CustomMetadata = metadata.ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    /// <summary>Ends a row to which every column got its value.</summary>
    /// <param name="pictureBytes">Size of the row's picture.</param>
    public void EndRow(long pictureBytes)
    {
        _rows++;
        _bytes += pictureBytes;
        if (_rows >= RowsPerGroup || _bytes >= BytesPerGroup)
            Flush();
    }

    /// <summary>Writes what is buffered and the footer. Without this call the file is not complete.</summary>
    public void Complete()
    {
        if (_rows > 0)
            Flush();
        SynchronousStream.Result(_writer.DisposeAsync());
        _stream.Flush();
    }

    private void Flush()
    {
        using (ParquetRowGroupWriter group = _writer.CreateRowGroup())
        {
            foreach (ParquetColumn column in _columns)
                column.Flush(group);
            group.CompleteValidate();
        }

        _rows = 0;
        _bytes = 0;
    }
}
