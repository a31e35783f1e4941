using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.ML.Columns;

namespace RlhfV.ML.Evaluating;

/// <summary>Reads values of rows for evaluation: columns are named first, then the rows are read once.</summary>
/// <param name="data">The rows.</param>
internal sealed class EvaluationRows(IDataView data)
{
    private readonly List<DataViewSchema.Column> _columns = [];

    /// <summary>A text column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public Func<DataViewRow, Func<string>> Text(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, parameter);
        return Open<ReadOnlyMemory<char>, string>(InputColumns.RequireText(data.Schema, name, parameter), value => value.ToString());
    }

    /// <summary>A text column that is used where it is there, null else. One that was named must be there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It was named and is missing or of another type.</exception>
    public Func<DataViewRow, Func<string>>? OptionalText(string? name, string usual, string parameter) =>
        InputColumns.OptionalText(data.Schema, name, usual, parameter) is { } column
            ? Open<ReadOnlyMemory<char>, string>(column, value => value.ToString())
            : null;

    /// <summary>A column of identifiers: text or whole numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public Func<DataViewRow, Func<string>> Key(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, parameter);
        DataViewSchema.Column column = InputColumns.Require(
            data.Schema, name, parameter, "text or whole numbers (Int32, Int64)",
            type => type is TextDataViewType || type == NumberDataViewType.Int32 || type == NumberDataViewType.Int64);
        return column.Type == NumberDataViewType.Int32 ? Open<int, string>(column, value => value.ToString(CultureInfo.InvariantCulture))
            : column.Type == NumberDataViewType.Int64 ? Open<long, string>(column, value => value.ToString(CultureInfo.InvariantCulture))
            : Open<ReadOnlyMemory<char>, string>(column, value => value.ToString());
    }

    /// <summary>A column of whole numbers, or null when none was named.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public Func<DataViewRow, Func<int>>? Count(string? name, string parameter) => name is null
        ? null
        : Open<int, int>(
            InputColumns.Require(data.Schema, name, parameter, "whole numbers (Int32)", type => type == NumberDataViewType.Int32), value => value);

    /// <summary>A column of truth values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public Func<DataViewRow, Func<bool>> Flag(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, parameter);
        return Open<bool, bool>(
            InputColumns.Require(data.Schema, name, parameter, "truth values (Boolean)", type => type is BooleanDataViewType), value => value);
    }

    /// <summary>Reads the rows.</summary>
    /// <param name="open">Opens the named columns on the cursor and gives a reader of its current row.</param>
    public IReadOnlyList<T> Read<T>(Func<DataViewRow, Func<T>> open)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(_columns);
        Func<T> read = open(cursor);
        var rows = new List<T>();
        while (cursor.MoveNext())
            rows.Add(read());
        return rows;
    }

    private Func<DataViewRow, Func<TResult>> Open<TValue, TResult>(DataViewSchema.Column column, Func<TValue, TResult> convert)
        where TValue : struct
    {
        _columns.Add(column);
        return row =>
        {
            ValueGetter<TValue> get = row.GetGetter<TValue>(column);
            TValue value = default;
            return () =>
            {
                get(ref value);
                return convert(value);
            };
        };
    }
}
