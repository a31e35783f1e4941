using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>Writes a parquet file of optional text, integer and picture columns, buffering one row group.</summary>
internal sealed class ParquetWriterTable
{
    /// <summary>
    /// Rows of one group at most: what Hugging Face's own writer uses for data sets with pictures is 100; texts alone are small.
    /// </summary>
    private const int RowsPerGroup = 1000;

    /// <summary>Picture bytes of one group at most, so that readers need little memory.</summary>
    private const long BytesPerGroup = 8 * 1024 * 1024;

    private readonly IReadOnlyList<ParquetColumn> _columns;
    private readonly ParquetWriter _writer;
    private readonly SynchronousStream _stream;
    private int _rows;
    private long _bytes;

    public ParquetWriterTable(Stream stream, IReadOnlyList<ParquetColumn> columns)
    {
        _columns = columns;
        _stream = new SynchronousStream(stream);
        _writer = SynchronousStream.Result(ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(column => column.Field)), _stream));
        _writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = DescribeFeatures(columns) };
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

    /// <summary>
    /// The column types as Hugging Face's <c>datasets</c> stores them beside the schema, so that it decodes the pictures.
    /// </summary>
    private static string DescribeFeatures(IEnumerable<ParquetColumn> columns) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("info");
        writer.WriteStartObject("features");
        foreach (ParquetColumn column in columns)
        {
            writer.WritePropertyName(column.Field.Name);
            writer.WriteRawValue(column.Feature);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

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
