using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>A parquet file opened for reading, row group by row group.</summary>
internal sealed class ParquetTable : IDisposable
{
    private readonly SynchronousStream _stream;
    private readonly ParquetReader _reader;
    private readonly ParquetSchema _schema;

    private ParquetTable(string path)
    {
        Path = path;
        _stream = new SynchronousStream(File.OpenRead(path));
        try
        {
            _reader = SynchronousStream.Result(ParquetReader.CreateAsync(_stream));
            _schema = _reader.Schema;
        }
        catch (Exception problem) // the library answers damage with any exception type: index, null, format, I/O
        {
            _stream.Dispose();
            throw new PreferenceDataException(path, null, null, $"the parquet footer cannot be read: {problem.Message}", problem);
        }
    }

    public string Path { get; }

    public int RowGroupCount => _reader.RowGroupCount;

    public static ParquetTable Open(string path) => new(path);

    public static IReadOnlyList<string> ReadColumnNames(string path)
    {
        using var table = new ParquetTable(path);
        return [.. table._schema.Fields.Select(field => field.Name)];
    }

    /// <summary>The flat leaf column with a path such as <c>image/bytes</c>, or null when there is none.</summary>
    /// <param name="path">Names from the top, separated by slashes.</param>
    /// <param name="binary">True for a column of bytes, false for one of texts or integers.</param>
    /// <exception cref="PreferenceDataException">The column is there, but of another type.</exception>
    public DataField? Find(string path, bool binary)
    {
        if (_schema.DataFields.FirstOrDefault(field => field.Path.ToString() == path) is not { } field)
            return null;
        Type type = field.ClrType;
        bool fits = binary
            ? type == typeof(ReadOnlyMemory<byte>)
            : type == typeof(ReadOnlyMemory<char>) || type == typeof(long) || type == typeof(int);
        return fits && field.MaxRepetitionLevel == 0
            ? field
            : throw new PreferenceDataException(
                Path, null, path,
                $"holds {(fits ? "lists" : type.Name)}, expected {(binary ? "one binary value" : "one text or integer")} per row.");
    }

    /// <summary>The type of a leaf column's values; null when there is no such column.</summary>
    /// <param name="path">Names from the top, separated by slashes.</param>
    public Type? TypeOf(string path) => _schema.DataFields.FirstOrDefault(field => field.Path.ToString() == path)?.ClrType;

    /// <summary>The leaf columns below a top column.</summary>
    /// <param name="name">The top column's name.</param>
    public IEnumerable<string> Leaves(string name) => _schema.DataFields.Select(field => field.Path.ToString())
        .Where(path => path == name || path.StartsWith($"{name}/", StringComparison.Ordinal));

    /// <summary>Refuses a file that lacks a column.</summary>
    /// <param name="path">Names from the top, separated by slashes.</param>
    /// <exception cref="PreferenceDataException">There is no such column.</exception>
    public void Require(string path)
    {
        if (!_schema.DataFields.Any(field => field.Path.ToString() == path))
        {
            throw new PreferenceDataException(
                Path, null, path,
                $"the column is missing; the file has {string.Join(", ", _schema.DataFields.Select(field => field.Path))}.");
        }
    }

    /// <summary>Opens a row group for walking down some of its columns.</summary>
    public ParquetRowGroup OpenRowGroup(int index, IEnumerable<DataField> columns) =>
        new(_stream, _reader.OpenRowGroupReader(index), columns);

    /// <summary>Reads a column inside lists for a whole row group; empty when there is no such column.</summary>
    public List<ParquetListItem<T>> ReadList<T>(int group, string path)
        where T : struct
    {
        if (_schema.DataFields.FirstOrDefault(field => field.Path.ToString() == path) is not { } field)
            return [];
        ParquetRowGroupReader reader = _reader.OpenRowGroupReader(group);
        int count = checked((int)(reader.GetMetadata(field)?.MetaData?.NumValues ?? 0));
        var values = new T[count];
        int[] definitions = new int[count], repetitions = new int[count];
        SynchronousStream.Result(reader.ReadRawAsync<T>(field, values, definitions, repetitions));

        var items = new List<ParquetListItem<T>>(count);
        int next = 0;
        for (int i = 0; i < count; i++)
            items.Add(new(repetitions[i], definitions[i] == field.MaxDefinitionLevel ? values[next++] : null));
        return items;
    }

    public long CountRows(int group) => _reader.OpenRowGroupReader(group).RowCount;

    public void Dispose() => _stream.Dispose();
}
