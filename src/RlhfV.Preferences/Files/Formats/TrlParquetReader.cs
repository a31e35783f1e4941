using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Reads parquet files of TRL's layout: <c>images</c> is a list of {bytes, path} or of paths, or <c>image</c> is a single one; <c>prompt</c>, <c>chosen</c> and <c>rejected</c> are
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

        (string? bytes, string? paths) = FindPictures(source, table);
        long firstRow = 1;
        for (int group = 0; group < table.RowGroupCount; group++)
        {
            int rows = checked((int)table.CountRows(group));
            if (TryLoad(source, table, bytes, paths, group, firstRow, rows) is { } loaded)
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

    /// <summary>The columns of pictures: encoded ones, and names or paths. A column of another form is refused, not passed over.</summary>
    private static (string? Bytes, string? Paths) FindPictures(PreferenceSource source, ParquetTable table)
    {
        foreach ((string top, string root) in new[] { ("images", $"images{Item}"), ("image", "image") })
        {
            string[] leaves = [.. table.Leaves(top)];
            if (leaves.Length == 0)
                continue;
            (string? bytes, string? paths) = (
                new[] { $"{root}/bytes", root }.FirstOrDefault(path => table.TypeOf(path) == typeof(ReadOnlyMemory<byte>)),
                new[] { $"{root}/path", root }.FirstOrDefault(path => table.TypeOf(path) == typeof(ReadOnlyMemory<char>)));
            return bytes is not null || paths is not null
                ? (bytes, paths)
                : throw source.Bad(
                    null, top,
                    $"holds {string.Join(", ", leaves.Select(path => $"'{path}' ({table.TypeOf(path)!.Name})"))}, "
                    + $"expected pictures of {{bytes, path}} or paths{(root == top ? "" : " in a list")}.");
        }

        return (null, null);
    }

    private static Group? TryLoad(
        PreferenceSource source, ParquetTable table, string? bytes, string? paths, int group, long firstRow, int rows)
    {
        try
        {
            return new Group(
                bytes is null ? [] : table.ReadList<ReadOnlyMemory<byte>>(group, bytes),
                paths is null ? [] : table.ReadList<ReadOnlyMemory<char>>(group, paths),
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
            int count = Math.Max(bytes.Count, paths.Count);
            for (int i = 0; i < count; i++)
            {
                if (RepetitionOf(i) == 0)
                    rows.Add([]);
                ReadOnlyMemory<byte>? encoded = bytes.Count > i ? bytes[i].Value : null;
                string? path = paths.Count > i ? paths[i].Value?.ToString() : null;
                // A lone item without content is an empty list; one among others is a picture that is missing, which must be told.
                bool among = RepetitionOf(i) > 0 || (i + 1 < count && RepetitionOf(i + 1) > 0);
                if (encoded is not null || path is not null || among)
                    rows[^1].Add(new PreferenceImage { Bytes = encoded, Path = path });
            }

            return rows;

            int RepetitionOf(int i) => bytes.Count > i ? bytes[i].Repetition : paths[i].Repetition;
        }
    }
}
