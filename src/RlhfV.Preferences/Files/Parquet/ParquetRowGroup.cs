using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>Walks down the rows of one row group of a <see cref="ParquetTable"/>.</summary>
internal sealed class ParquetRowGroup
{
    private readonly Dictionary<string, ParquetCursor<ReadOnlyMemory<char>>> _texts = [];
    private readonly Dictionary<string, ParquetCursor<long>> _longs = [];
    private readonly Dictionary<string, ParquetCursor<int>> _integers = [];
    private readonly Dictionary<string, ParquetCursor<ReadOnlyMemory<byte>>> _binaries = [];
    private readonly Stream _stream;
    private readonly ParquetRowGroupReader _reader;

    public ParquetRowGroup(Stream stream, ParquetRowGroupReader reader, IEnumerable<DataField> columns)
    {
        _stream = stream;
        _reader = reader;
        RowCount = checked((int)reader.RowCount);
        foreach (DataField column in columns)
            Open(column);
    }

    public int RowCount { get; }

    /// <summary>Moves to the next row.</summary>
    /// <exception cref="InvalidDataException">The rest of the row group is lost.</exception>
    public void Advance()
    {
        foreach (var cursor in _texts.Values)
            cursor.Advance();
        foreach (var cursor in _longs.Values)
            cursor.Advance();
        foreach (var cursor in _integers.Values)
            cursor.Advance();
        foreach (var cursor in _binaries.Values)
            cursor.Advance();
    }

    /// <summary>
    /// A text of the present row, or an integer in invariant form; null where the value is null or there is no such column.
    /// </summary>
    /// <exception cref="InvalidDataException">The value cannot be decoded.</exception>
    public string? Text(string column)
    {
        if (_texts.TryGetValue(column, out var texts))
            return texts.Current?.ToString();
        if (_longs.TryGetValue(column, out var longs))
            return longs.Current?.ToString(CultureInfo.InvariantCulture);
        return _integers.TryGetValue(column, out var integers) ? integers.Current?.ToString(CultureInfo.InvariantCulture) : null;
    }

    /// <summary>
    /// A binary value of the present row; null where it or the structure around it is null, or where there is no such column.
    /// </summary>
    /// <exception cref="InvalidDataException">The value cannot be decoded.</exception>
    public ReadOnlyMemory<byte>? Binary(string column) => _binaries.GetValueOrDefault(column)?.Current;

    private void Open(DataField column)
    {
        string name = column.Path.ToString();
        if (column.ClrType == typeof(ReadOnlyMemory<char>))
            _texts[name] = new(_stream, _reader, column, RowCount);
        else if (column.ClrType == typeof(long))
            _longs[name] = new(_stream, _reader, column, RowCount);
        else if (column.ClrType == typeof(int))
            _integers[name] = new(_stream, _reader, column, RowCount);
        else
            _binaries[name] = new(_stream, _reader, column, RowCount);
    }
}
