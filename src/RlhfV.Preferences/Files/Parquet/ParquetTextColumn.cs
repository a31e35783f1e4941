using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>An optional column of texts.</summary>
internal sealed class ParquetTextColumn(string name) : ParquetColumn
{
    private readonly DataField<string> _field = new(name, nullable: true);
    private readonly List<ReadOnlyMemory<char>> _values = [];
    private readonly List<int> _levels = [];

    public override Field Field => _field;

    public override string Feature => """{"dtype": "string", "_type": "Value"}""";

    public void Add(string? value)
    {
        _levels.Add(value is null ? 0 : 1);
        if (value is not null)
            _values.Add(value.AsMemory());
    }

    public override void Flush(ParquetRowGroupWriter group) => Write(group, _field, _values, _levels);
}
