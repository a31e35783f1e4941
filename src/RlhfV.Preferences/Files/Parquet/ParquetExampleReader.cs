using System.Text.Json;
using Parquet.Schema;

namespace RlhfV.Preferences;

/// <summary>
/// Reads the parquet formats that have one picture column and text columns, page by page. What cannot be decoded is reported and passed
/// over: a damaged page costs its rows, a page header that is lost costs the rest of its row group.
/// </summary>
internal static class ParquetExampleReader
{
    private const string PictureColumn = "image/bytes";

    /// <summary>Reads a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="answers">
    /// Columns that hold the answers; a file without one of them is refused, and the first is named when <paramref name="parse"/> fails.
    /// </param>
    /// <param name="optional">Other columns of the format that <paramref name="parse"/> asks for.</param>
    /// <param name="parse">Makes the answers of the present row; a <see cref="JsonException"/> makes the row a bad one.</param>
    public static IEnumerable<PreferenceExample> Read(
        PreferenceSource source,
        IReadOnlyList<string> answers,
        IReadOnlyList<string> optional,
        Func<ParquetRowGroup, PreferenceExample> parse)
    {
        using ParquetTable table = ParquetTable.Open(source.Path);
        foreach (string column in answers.Append(PictureColumn))
            table.Require(column);

        string[] texts = ["ds_name", "origin_dataset", "origin_split", "idx", "image_path", "image/path", .. answers, .. optional];
        DataField[] columns =
            [.. texts.Select(name => table.Find(name, binary: false)).Append(table.Find(PictureColumn, binary: true)).OfType<DataField>()];

        long firstRow = 1;
        for (int index = 0; index < table.RowGroupCount; index++)
        {
            long rows = table.CountRows(index);
            if (Open(source, table, index, columns, firstRow, rows) is { } group)
            {
                for (long row = firstRow; row < firstRow + rows && Advance(source, group, row, firstRow + rows - 1); row++)
                {
                    if (source.TryRead(row, () => Parse(source, row, group, answers[0], parse), out PreferenceExample? example))
                        yield return example;
                }
            }

            firstRow += rows;
        }
    }

    private static ParquetRowGroup? Open(
        PreferenceSource source, ParquetTable table, int index, DataField[] columns, long firstRow, long rows)
    {
        try
        {
            return table.OpenRowGroup(index, columns);
        }
        catch (Exception problem) when (problem is InvalidDataException or OverflowException)
        {
            ReportLoss(source, firstRow, firstRow + rows - 1, problem);
            return null;
        }
    }

    private static bool Advance(PreferenceSource source, ParquetRowGroup group, long row, long lastRow)
    {
        try
        {
            group.Advance();
            return true;
        }
        catch (Exception problem) when (problem is InvalidDataException or OverflowException)
        {
            ReportLoss(source, row, lastRow, problem);
            return false;
        }
    }

    private static void ReportLoss(PreferenceSource source, long firstRow, long lastRow, Exception problem) => source.Report(source.Bad(
        firstRow, null, $"the file is damaged here, rows {firstRow} to {lastRow} cannot be read: {problem.Message}.", problem));

    private static PreferenceExample Parse(
        PreferenceSource source, long row, ParquetRowGroup group, string answersColumn, Func<ParquetRowGroup, PreferenceExample> parse)
    {
        string? column = answersColumn;
        try
        {
            PreferenceExample example = parse(group);
            column = null;
            example = example with
            {
                Image = MakeImage(group),
                Origin = new PreferenceOrigin
                {
                    Dataset = NullIfEmpty(group.Text("ds_name")),
                    SourceDataset = NullIfEmpty(group.Text("origin_dataset")),
                    Id = NullIfEmpty(group.Text("idx")),
                },
            };
            column = "origin_split";
            return DetailsJson.ReadOriginSplit(example, group.Text(column));
        }
        catch (Exception problem) when (problem is JsonException or InvalidDataException)
        {
            throw source.Bad(row, column, problem.Message, problem);
        }
    }

    /// <summary><c>image_path</c> tells more than <c>image/path</c>, which holds a bare file name.</summary>
    private static PreferenceImage? MakeImage(ParquetRowGroup group)
    {
        ReadOnlyMemory<byte>? bytes = group.Binary(PictureColumn);
        string? path = NullIfEmpty(group.Text("image_path")) ?? NullIfEmpty(group.Text("image/path"));
        return bytes is null && path is null ? null : new PreferenceImage { Bytes = bytes, Path = path };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
