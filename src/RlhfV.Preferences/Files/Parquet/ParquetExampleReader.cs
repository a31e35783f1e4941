using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Reads the parquet formats that have one picture column and text columns, one row group at a time. A row group that cannot be decoded is
/// one bad row as far as the caller is concerned; the groups behind it are still read.
/// </summary>
internal static class ParquetExampleReader
{
    /// <param name="source">The file.</param>
    /// <param name="required">Columns without which the file is refused.</param>
    /// <param name="texts">Columns of texts and integers; those that the file lacks read as null.</param>
    /// <param name="parse">Makes the answers of a row; a <see cref="JsonException"/> makes the row a bad one.</param>
    /// <param name="answersColumn">The column that is named when <paramref name="parse"/> fails.</param>
    public static IEnumerable<PreferenceExample> Read(
        PreferenceSource source,
        IReadOnlyList<string> required,
        IReadOnlyList<string> texts,
        Func<IReadOnlyDictionary<string, string?>, PreferenceExample> parse,
        string answersColumn)
    {
        using ParquetTable table = ParquetTable.Open(source.Path);
        foreach (string column in required)
            table.Require(column);

        long firstRow = 1;
        for (int group = 0; group < table.RowGroupCount; group++)
        {
            ParquetRowGroup rowGroup = table.OpenRowGroup(group);
            if (ReadColumns(source, table, rowGroup, texts, firstRow) is var (columns, pictures))
            {
                var row = new Dictionary<string, string?>(texts.Count);
                for (int i = 0; i < rowGroup.RowCount; i++)
                {
                    foreach ((string name, string?[] values) in columns)
                        row[name] = values[i];
                    if (source.TryRead(firstRow + i, () => Parse(source, firstRow + i, row, pictures[i], parse, answersColumn), out PreferenceExample? example))
                        yield return example;
                    pictures[i] = null;
                }
            }

            firstRow += rowGroup.RowCount;
        }
    }

    private static (Dictionary<string, string?[]> Texts, ReadOnlyMemory<byte>?[] Pictures)? ReadColumns(
        PreferenceSource source, ParquetTable table, ParquetRowGroup group, IReadOnlyList<string> texts, long firstRow)
    {
        string column = "";
        try
        {
            var result = new Dictionary<string, string?[]>(texts.Count);
            foreach (string name in texts)
            {
                column = name;
                result[name] = group.ReadText(table.Find(name));
            }

            column = "image/bytes";
            return (result, group.ReadBinary(table.Find(column)));
        }
        catch (PreferenceDataException)
        {
            throw;
        }
        catch (Exception problem) // the library answers damage with any exception type: index, null, format, I/O
        {
            source.Report(source.Bad(
                firstRow, column,
                $"rows {firstRow} to {firstRow + group.RowCount - 1} cannot be decoded, the file is damaged: {problem.Message}", problem));
            return null;
        }
    }

    private static PreferenceExample Parse(
        PreferenceSource source,
        long row,
        IReadOnlyDictionary<string, string?> values,
        ReadOnlyMemory<byte>? picture,
        Func<IReadOnlyDictionary<string, string?>, PreferenceExample> parse,
        string answersColumn)
    {
        string column = answersColumn;
        try
        {
            PreferenceExample example = parse(values) with
            {
                Image = MakeImage(picture, values),
                Origin = new PreferenceOrigin
                {
                    Dataset = NullIfEmpty(values["ds_name"]),
                    SourceDataset = NullIfEmpty(values["origin_dataset"]),
                    Id = NullIfEmpty(values["idx"]),
                },
            };
            column = "origin_split";
            return DetailsJson.ReadOriginSplit(example, values[column]);
        }
        catch (JsonException problem)
        {
            throw source.Bad(row, column, problem.Message, problem);
        }
    }

    /// <summary><c>image_path</c> tells more than <c>image/path</c>, which holds a bare file name.</summary>
    private static PreferenceImage? MakeImage(ReadOnlyMemory<byte>? bytes, IReadOnlyDictionary<string, string?> values)
    {
        string? path = NullIfEmpty(values["image_path"]) ?? NullIfEmpty(values["image/path"]);
        return bytes is null && path is null ? null : new PreferenceImage { Bytes = bytes, Path = path };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
