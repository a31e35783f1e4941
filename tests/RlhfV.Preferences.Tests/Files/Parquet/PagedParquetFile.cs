namespace RlhfV.Preferences.Tests.Files.Parquet;

/// <summary>
/// Writes parquet files in the layout that pandas and pyarrow give them and our own writer does not: one row group, each column in many
/// pages, uncompressed. Values are made row by row, so that files may be larger than memory.
/// </summary>
internal static class PagedParquetFile
{
    private const int ByteArray = 6, Int64 = 2, Plain = 0, Rle = 3, RleDictionary = 8, Utf8 = 0, Optional = 1;

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="rowsPerPage">Number of rows in each page.</param>
    /// <param name="columns">The leaf columns; <c>a.b</c> is part b of structure a, and parts of one structure stand side by side.</param>
    public static void Write(string path, int rowCount, int rowsPerPage, IReadOnlyList<PagedParquetColumn> columns)
    {
        using FileStream stream = File.Create(path);
        stream.Write("PAR1"u8);
        foreach (PagedParquetColumn column in columns)
            WriteColumn(stream, column, rowCount, rowsPerPage);
        WriteFooter(stream, columns, rowCount);
    }

    private static void WriteColumn(Stream stream, PagedParquetColumn column, int rowCount, int rowsPerPage)
    {
        column.Start = stream.Position;
        if (column.DictionaryWord is { } word)
            WritePage(stream, kind: 2, 1, Plain, EncodePlain([word], isInteger: false));

        column.DataStart = stream.Position;
        for (int first = 0; first < rowCount; first += rowsPerPage)
        {
            column.Pages.Add(stream.Position);
            byte[]?[] values = [.. Enumerable.Range(first, Math.Min(rowsPerPage, rowCount - first)).Select(column.Value)];
            bool indexed = column.DictionaryWord is not null && column.Pages.Count <= 2; // as when a writer's dictionary grows too large
            byte[][] defined = [.. values.OfType<byte[]>()];
            byte[] levels = EncodeRuns([.. values.Select(value => value is null ? 0 : column.Depth)]);
            byte[] content = indexed ? [1, .. EncodeRuns([.. defined.Select(_ => 0)])] : EncodePlain(defined, column.IsInteger);
            byte[] page = [.. BitConverter.GetBytes(levels.Length), .. levels, .. content];
            WritePage(stream, kind: 0, values.Length, indexed ? RleDictionary : Plain, page);
        }

        column.End = stream.Position;
    }

    private static byte[] EncodePlain(byte[][] values, bool isInteger)
    {
        using var bytes = new MemoryStream();
        foreach (byte[] value in values)
        {
            if (!isInteger)
                bytes.Write(BitConverter.GetBytes(value.Length));
            bytes.Write(value);
        }

        return bytes.ToArray();
    }

    /// <summary>The run-length form for values of up to eight bits, one run per value.</summary>
    private static byte[] EncodeRuns(int[] values) => [.. values.SelectMany(value => new[] { (byte)2, (byte)value })];

    private static void WritePage(Stream stream, int kind, int count, int encoding, byte[] content)
    {
        var thrift = new ThriftWriter(stream);
        thrift.Integer(1, kind);
        thrift.Integer(2, content.Length);
        thrift.Integer(3, content.Length);
        thrift.Begin(kind == 2 ? 7 : 5);
        thrift.Integer(1, count);
        thrift.Integer(2, encoding);
        if (kind == 0)
        {
            thrift.Integer(3, Rle);
            thrift.Integer(4, Rle);
        }

        thrift.End();
        thrift.Stop();
        stream.Write(content);
    }

    private static void WriteFooter(FileStream stream, IReadOnlyList<PagedParquetColumn> columns, int rows)
    {
        long start = stream.Position;
        string?[] structures = [.. columns.Select(column => column.Structure)];
        string[] different = [.. structures.OfType<string>().Distinct()];
        var thrift = new ThriftWriter(stream);
        thrift.Integer(1, 1);
        thrift.BeginList(2, 1 + columns.Count + different.Length);
        WriteElement(thrift, "schema", null, structures.Count(name => name is null) + different.Length);
        for (int i = 0; i < columns.Count; i++)
        {
            if (structures[i] is { } structure && (i == 0 || structures[i - 1] != structure))
                WriteElement(thrift, structure, null, structures.Count(name => name == structure));
            WriteElement(thrift, columns[i].Name.Split('.')[^1], columns[i], children: 0);
        }

        thrift.Long(3, rows);
        thrift.BeginList(4, 1);
        thrift.BeginItem();
        thrift.BeginList(1, columns.Count);
        foreach (PagedParquetColumn column in columns)
            WriteChunk(thrift, column, rows);
        thrift.Long(2, columns.Sum(column => column.End - column.Start));
        thrift.Long(3, rows);
        thrift.End();
        thrift.Stop();
        stream.Write(BitConverter.GetBytes((int)(stream.Position - start)));
        stream.Write("PAR1"u8);
    }

    private static void WriteElement(ThriftWriter thrift, string name, PagedParquetColumn? column, int children)
    {
        thrift.BeginItem();
        if (column is not null)
            thrift.Integer(1, column.IsInteger ? Int64 : ByteArray);
        if (name != "schema")
            thrift.Integer(3, Optional);
        thrift.Text(4, name);
        if (children > 0)
            thrift.Integer(5, children);
        if (column is { IsInteger: false, IsBinary: false })
            thrift.Integer(6, Utf8);
        thrift.End();
    }

    private static void WriteChunk(ThriftWriter thrift, PagedParquetColumn column, int rows)
    {
        thrift.BeginItem();
        thrift.Long(2, column.Start);
        thrift.Begin(3);
        thrift.Integer(1, column.IsInteger ? Int64 : ByteArray);
        thrift.IntegerList(2, column.DictionaryWord is null ? [Plain, Rle] : [Plain, Rle, RleDictionary]);
        thrift.TextList(3, column.Name.Split('.'));
        thrift.Integer(4, 0);
        thrift.Long(5, rows);
        thrift.Long(6, column.End - column.Start);
        thrift.Long(7, column.End - column.Start);
        thrift.Long(9, column.DataStart);
        if (column.DictionaryWord is not null)
            thrift.Long(11, column.Start);
        thrift.End();
        thrift.End();
    }
}
