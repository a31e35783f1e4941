using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>An optional column of 64-bit integers.</summary>
internal sealed class ParquetIntegerColumn(string name) : ParquetColumn
{
    private readonly DataField<long> _field = new(name, nullable: true);
    private readonly List<long> _values = [];
    private readonly List<int> _levels = [];

    public override Field Field => _field;

    public override string Feature => """{"dtype": "int64", "_type": "Value"}""";

    public void Add(long value)
    {
        _levels.Add(1);
        _values.Add(value);
    }

    public override void Flush(ParquetRowGroupWriter group) => Write(group, _field, _values, _levels);
}
