using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>
/// Walks down one flat column of a row group, holding one page at a time, so that a file of a single huge row group needs no more memory
/// than one of many.
/// </summary>
/// <remarks>
/// The parquet library reads a column chunk as a whole. It takes the chunk's extent from metadata that may be changed: narrowed to one page
/// (and the dictionary page before it) the same call reads that page alone.
/// </remarks>
/// <typeparam name="T">Type of the values: <c>ReadOnlyMemory&lt;char&gt;</c>, <c>ReadOnlyMemory&lt;byte&gt;</c> or an integer.</typeparam>
internal sealed class ParquetCursor<T>
    where T : struct
{
    /// <summary>More values in one page than any writer puts there; a damaged count must not be allocated.</summary>
    private const int MaximumPageValues = 16 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly ParquetRowGroupReader _group;
    private readonly DataField _field;
    private readonly ColumnMetaData _chunk;
    private readonly int _rowCount;
    private long _offset;
    private int _rowsBefore;
    private T[] _values = [];
    private int[] _levels = [];
    private int _pageRows;
    private int _row = -1;
    private int _value = -1;
    private Exception? _damage;

    public ParquetCursor(Stream stream, ParquetRowGroupReader group, DataField field, int rowCount)
    {
        _stream = stream;
        _group = group;
        _field = field;
        _rowCount = rowCount;
        _chunk = group.GetMetadata(field)?.MetaData
            ?? throw new InvalidDataException($"the column '{field.Path}' is not in every row group");
        _offset = new[] { _chunk.DictionaryPageOffset, _chunk.IndexPageOffset, _chunk.DataPageOffset }.Where(offset => offset > 0).Min()
            ?? throw new InvalidDataException($"the column '{field.Path}' says not where it begins");
    }

    /// <summary>The value of the present row, or null.</summary>
    /// <exception cref="InvalidDataException">The page that holds it cannot be decoded.</exception>
    public T? Current
    {
        get
        {
            if (_damage is not null)
                throw new InvalidDataException($"the page that holds the value is damaged: {_damage.Message}", _damage);
            return IsDefined(_row) ? _values[_value] : null;
        }
    }

    /// <summary>
    /// Moves to the next row. A damaged page is passed over: its rows throw when they are asked for, those behind it do not.
    /// </summary>
    /// <exception cref="InvalidDataException">The place of the next page is not known any more: the rest of the column is lost.</exception>
    public void Advance()
    {
        if (++_row >= _pageRows)
            LoadPage();
        if (_damage is null && IsDefined(_row))
            _value++;
    }

    private bool IsDefined(int row) => _field.MaxDefinitionLevel == 0 || _levels[row] == _field.MaxDefinitionLevel;

    private void LoadPage()
    {
        _rowsBefore += _pageRows;
        (_pageRows, _row, _value, _damage) = (0, 0, -1, null);
        long start = _offset;
        bool dictionary = false;
        while (true)
        {
            ParquetPageHeader page = ReadHeader(_offset);
            _offset = page.End;
            if (page.Kind == ParquetPageKind.Dictionary)
                dictionary = true;
            else if (page.IsData)
                _pageRows += page.ValueCount;
            if (_pageRows > Math.Min(_rowCount - _rowsBefore, MaximumPageValues))
                throw new InvalidDataException($"a page claims {page.ValueCount} values, where {_rowCount - _rowsBefore} rows are left");

            // Pages that point into a dictionary are read together with it: it stands before the first of them only.
            bool more = _pageRows == 0 || (dictionary && _rowsBefore + _pageRows < _rowCount && ReadHeader(_offset).UsesDictionary);
            if (!more)
                break;
        }

        Decode(start, dictionary);
    }

    private void Decode(long start, bool dictionary)
    {
        var whole = (_chunk.NumValues, _chunk.DataPageOffset, _chunk.DictionaryPageOffset, _chunk.IndexPageOffset);
        try
        {
            (_chunk.NumValues, _chunk.DataPageOffset, _chunk.IndexPageOffset) = (_pageRows, start, null);
            _chunk.DictionaryPageOffset = dictionary ? start : null;
            _values = new T[_pageRows];
            _levels = _field.MaxDefinitionLevel > 0 ? new int[_pageRows] : [];
            SynchronousStream.Result(_group.ReadRawAsync<T>(_field, _values, _field.MaxDefinitionLevel > 0 ? _levels : null, null));
        }
        catch (Exception problem) // the library answers damage with any exception type: index, null, format, I/O
        {
            _damage = problem;
        }
        finally
        {
            (_chunk.NumValues, _chunk.DataPageOffset, _chunk.DictionaryPageOffset, _chunk.IndexPageOffset) = whole;
        }
    }

    private ParquetPageHeader ReadHeader(long offset)
    {
        if (offset >= _stream.Length)
            throw new InvalidDataException($"the column ends after {_rowsBefore} of {_rowCount} rows");
        _stream.Position = offset;
        return ParquetPageHeader.Read(_stream);
    }
}
