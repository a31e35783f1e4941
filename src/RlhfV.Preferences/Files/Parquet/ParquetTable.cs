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

    /// <summary>The leaf column with a path such as <c>image/bytes</c>, or null.</summary>
    public DataField? Find(string path) => _schema.DataFields.FirstOrDefault(field => field.Path.ToString() == path);

    /// <summary>The leaf column with a path such as <c>image/bytes</c>.</summary>
    /// <exception cref="PreferenceDataException">There is none.</exception>
    public DataField Require(string path) =>
        Find(path) ?? throw new PreferenceDataException(
            Path, null, path,
            $"the column is missing; the file has {string.Join(", ", _schema.DataFields.Select(field => field.Path))}.");

    public ParquetRowGroup OpenRowGroup(int index) => new(this, _reader.OpenRowGroupReader(index));

    public void Dispose() => _stream.Dispose();
}
