using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>One row group of a <see cref="ParquetTable"/>; its columns are read when they are asked for.</summary>
internal sealed class ParquetRowGroup(ParquetTable table, ParquetRowGroupReader reader)
{
    public int RowCount { get; } = checked((int)reader.RowCount);

    /// <summary>A column of texts, or of integers in invariant form; null where the value is null, all null when there is no such column.</summary>
    public string?[] ReadText(DataField? field)
    {
        string?[] result = new string?[RowCount];
        if (field is null)
            return result;

        if (field.ClrType == typeof(ReadOnlyMemory<char>))
            Fill<ReadOnlyMemory<char>>(field, result, static value => value.ToString());
        else if (field.ClrType == typeof(long))
            Fill<long>(field, result, static value => value.ToString(CultureInfo.InvariantCulture));
        else if (field.ClrType == typeof(int))
            Fill<int>(field, result, static value => value.ToString(CultureInfo.InvariantCulture));
        else
            throw new PreferenceDataException(table.Path, null, field.Path.ToString(), $"is of type {field.ClrType.Name}, expected text or integers.");
        return result;
    }

    /// <summary>A column of binary values; null where the value or the structure around it is null, or when there is no such column.</summary>
    public ReadOnlyMemory<byte>?[] ReadBinary(DataField? field)
    {
        var result = new ReadOnlyMemory<byte>?[RowCount];
        if (field is null)
            return result;
        if (field.ClrType != typeof(ReadOnlyMemory<byte>))
            throw new PreferenceDataException(table.Path, null, field.Path.ToString(), $"is of type {field.ClrType.Name}, expected binary.");
        Fill<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>(field, result, static value => value);
        return result;
    }

    private void Fill<T>(DataField field, string?[] result, Func<T, string> convert)
        where T : struct => Fill<T, string?>(field, result, convert);

    private void Fill<T, TResult>(DataField field, TResult[] result, Func<T, TResult> convert)
        where T : struct
    {
        if (field.MaxRepetitionLevel > 0)
            throw new PreferenceDataException(table.Path, null, field.Path.ToString(), "is a list, expected one value per row.");

        var values = new T[RowCount];
        int[]? levels = field.MaxDefinitionLevel > 0 ? new int[RowCount] : null;
        SynchronousStream.Result(reader.ReadRawAsync<T>(field, values, levels, null));
        int next = 0;
        for (int i = 0; i < RowCount; i++)
        {
            if (levels is null || levels[i] == field.MaxDefinitionLevel)
                result[i] = convert(values[next++]);
        }
    }
}
