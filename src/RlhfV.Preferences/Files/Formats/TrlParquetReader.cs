using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Reads parquet files of TRL's layout: <c>images</c> is a list of {bytes, path}; <c>prompt</c>, <c>chosen</c> and <c>rejected</c> are
/// lists of {role, content}, content being a list of {type, text}. Lists are read one row group at a time.
/// </summary>
internal static class TrlParquetReader
{
    private const string Item = "/list/element";

    public static IEnumerable<PreferenceExample> Read(PreferenceSource source)
    {
        using ParquetTable table = ParquetTable.Open(source.Path);
        foreach (string column in new[] { "prompt", "chosen", "rejected" })
        {
            table.Require($"{column}{Item}/role");
            table.Require($"{column}{Item}/content{Item}/type");
            table.Require($"{column}{Item}/content{Item}/text");
        }

        long firstRow = 1;
        for (int group = 0; group < table.RowGroupCount; group++)
        {
            int rows = checked((int)table.CountRows(group));
            if (TryLoad(source, table, group, firstRow, rows) is { } loaded)
            {
                for (int i = 0; i < rows; i++)
                {
                    long row = firstRow + i;
                    if (source.TryRead(row, () => Parse(source, row, i, loaded), out PreferenceExample? example))
                        yield return example;
                }
            }

            firstRow += rows;
        }
    }

    private static Group? TryLoad(PreferenceSource source, ParquetTable table, int group, long firstRow, int rows)
    {
        try
        {
            return new Group(
                table.ReadList<ReadOnlyMemory<byte>>(group, $"images{Item}/bytes"),
                table.ReadList<ReadOnlyMemory<char>>(group, $"images{Item}/path"),
                ReadMessages(table, group, "prompt"),
                ReadMessages(table, group, "chosen"),
                ReadMessages(table, group, "rejected"));
        }
        catch (Exception problem) // the library answers damage with any exception type: index, null, format, I/O
        {
            source.Report(source.Bad(
                firstRow, null,
                $"the file is damaged here, rows {firstRow} to {firstRow + rows - 1} cannot be read: {problem.Message}.", problem));
            return null;
        }
    }

    private static PreferenceExample Parse(PreferenceSource source, long row, int index, Group group)
    {
        try
        {
            return new TrlRow
            {
                Images = group.Images(index),
                Prompt = group.Prompt[index],
                Chosen = group.Chosen[index],
                Rejected = group.Rejected[index],
            }.ToExample();
        }
        catch (JsonException problem)
        {
            throw source.Bad(row, null, problem.Message, problem);
        }
    }

    private static List<List<TrlMessage>> ReadMessages(ParquetTable table, int group, string column)
    {
        var roles = table.ReadList<ReadOnlyMemory<char>>(group, $"{column}{Item}/role");
        var types = table.ReadList<ReadOnlyMemory<char>>(group, $"{column}{Item}/content{Item}/type");
        var texts = table.ReadList<ReadOnlyMemory<char>>(group, $"{column}{Item}/content{Item}/text");

        // Types and texts have the same levels: 0 begins a row, 1 a message, 2 a part. Roles have them without the parts.
        var rows = new List<List<TrlMessage>>();
        int role = 0;
        for (int i = 0; i < types.Count; i++)
        {
            ParquetListItem<ReadOnlyMemory<char>> type = types[i];
            if (type.Repetition == 0)
                rows.Add([]);
            if (type.Repetition < 2 && roles[role++].Value is { } speaker)
                rows[^1].Add(new TrlMessage(speaker.ToString(), new List<string?>()));
            if (type.Value is { } kind)
                ((List<string?>)rows[^1][^1].Parts).Add(kind.Span is "image" ? null : texts[i].Value?.ToString() ?? "");
        }

        return rows;
    }

    private sealed record Group(
        List<ParquetListItem<ReadOnlyMemory<byte>>> Bytes,
        List<ParquetListItem<ReadOnlyMemory<char>>> Paths,
        List<List<TrlMessage>> Prompt,
        List<List<TrlMessage>> Chosen,
        List<List<TrlMessage>> Rejected)
    {
        private readonly List<List<PreferenceImage>> _images = Collect(Bytes, Paths);

        public IReadOnlyList<PreferenceImage> Images(int row) => row < _images.Count ? _images[row] : [];

        private static List<List<PreferenceImage>> Collect(
            List<ParquetListItem<ReadOnlyMemory<byte>>> bytes, List<ParquetListItem<ReadOnlyMemory<char>>> paths)
        {
            var rows = new List<List<PreferenceImage>>();
            for (int i = 0; i < bytes.Count; i++)
            {
                if (bytes[i].Repetition == 0)
                    rows.Add([]);
                string? path = paths.Count > i ? paths[i].Value?.ToString() : null;
                // A lone item without content is an empty list; one among others is a picture that is missing, which must be told.
                bool among = bytes[i].Repetition > 0 || (i + 1 < bytes.Count && bytes[i + 1].Repetition > 0);
                if (bytes[i].Value is { } content)
                    rows[^1].Add(PreferenceImage.FromBytes(content, path));
                else if (path is not null || among)
                    rows[^1].Add(new PreferenceImage { Path = path });
            }

            return rows;
        }
    }
}
