using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>A column of Hugging Face's picture type: <c>struct&lt;bytes: binary, path: string&gt;</c>.</summary>
internal sealed class ParquetImageColumn : ParquetColumn
{
    // Levels of definition: 0 the structure is null, 1 the part is null, 2 the part is there.
    private readonly DataField<byte[]> _bytesField = new("bytes", nullable: true);
    private readonly DataField<string> _pathField = new("path", nullable: true);
    private readonly StructField _field;
    private readonly List<ReadOnlyMemory<byte>> _bytes = [];
    private readonly List<ReadOnlyMemory<char>> _paths = [];
    private readonly List<int> _bytesLevels = [];
    private readonly List<int> _pathLevels = [];

    public ParquetImageColumn(string name) => _field = new StructField(name, _bytesField, _pathField);

    public override Field Field => _field;

    public override string Feature => """{"_type": "Image"}""";

    public void AddNull()
    {
        _bytesLevels.Add(0);
        _pathLevels.Add(0);
    }

    public void Add(ReadOnlyMemory<byte> bytes, string? path)
    {
        _bytesLevels.Add(2);
        _bytes.Add(bytes);
        _pathLevels.Add(path is null ? 1 : 2);
        if (path is not null)
            _paths.Add(path.AsMemory());
    }

    public override void Flush(ParquetRowGroupWriter group)
    {
        Write(group, _bytesField, _bytes, _bytesLevels);
        Write(group, _pathField, _paths, _pathLevels);
    }
}
