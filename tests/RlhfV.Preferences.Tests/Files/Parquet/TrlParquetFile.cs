using Parquet;
using Parquet.Schema;

namespace RlhfV.Preferences.Tests.Files.Parquet;

/// <summary>Writes parquet files of TRL's layout, which the package reads but does not write.</summary>
internal static class TrlParquetFile
{
    /// <summary>Writes rows of one question with the answers c and r; pictures are a list of {bytes, path}.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The question's parts in order (null is a picture), and the pictures (null is a missing one).</param>
    public static async Task WriteAsync(string path, params (string?[] Parts, PreferenceImage?[] Images)[] rows)
    {
        var bytes = new DataField<byte[]>("bytes", nullable: true);
        var name = new DataField<string>("path", nullable: true);
        await WriteAsync(path, new ListField("images", new StructField(ListField.ElementName, bytes, name)), rows, async group =>
        {
            await WriteAsync(group, bytes, [.. rows.Select(row => row.Images.Select(image => image?.Bytes).ToArray())]);
            await WriteAsync(group, name, [.. rows.Select(row => row.Images.Select(image => image?.Path?.AsMemory()).ToArray())]);
        });
    }

    /// <summary>The same with pictures as a list of paths.</summary>
    public static async Task WritePathsAsync(string path, params (string?[] Parts, PreferenceImage?[] Images)[] rows)
    {
        var name = new DataField<string>(ListField.ElementName, nullable: true);
        await WriteAsync(path, new ListField("images", name), rows, group => WriteAsync(
            group, name, [.. rows.Select(row => row.Images.Select(image => image?.Path?.AsMemory()).ToArray())]));
    }

    /// <summary>The same with a column <c>image</c> of {bytes, path}, one in each row.</summary>
    public static async Task WriteSingleAsync(string path, params (string?[] Parts, PreferenceImage?[] Images)[] rows)
    {
        var bytes = new DataField<byte[]>("bytes", nullable: true);
        var name = new DataField<string>("path", nullable: true);
        await WriteAsync(path, new StructField("image", bytes, name), rows, async group =>
        {
            await group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(
                bytes, rows.Select(row => row.Images[0]!.Bytes!.Value).ToArray(), Defined(bytes), null, TestContext.Current.CancellationToken);
            await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(
                name, rows.Select(row => row.Images[0]!.Path.AsMemory()).ToArray(), Defined(name), null, TestContext.Current.CancellationToken);
        });

        int[] Defined(DataField field) => [.. rows.Select(_ => field.MaxDefinitionLevel)];
    }

    /// <summary>The same with numbers where pictures belong.</summary>
    public static async Task WriteNumbersAsync(string path, params (string?[] Parts, PreferenceImage?[] Images)[] rows)
    {
        var number = new DataField<long>(ListField.ElementName, nullable: true);
        await WriteAsync(path, new ListField("images", number), rows, group =>
            WriteAsync(group, number, [.. rows.Select(row => row.Images.Select(_ => (long?)1).ToArray())]));
    }

    private static async Task WriteAsync(
        string path, Field images, (string?[] Parts, PreferenceImage?[] Images)[] rows, Func<ParquetRowGroupWriter, Task> writeImages)
    {
        Messages[] columns = [new("prompt"), new("chosen"), new("rejected")];
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema([images, .. columns.Select(column => column.Field)]), stream);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await writeImages(group);
        await columns[0].WriteAsync(group, "user", [.. rows.Select(row => row.Parts)]);
        await columns[1].WriteAsync(group, "assistant", [.. rows.Select(_ => new[] { "c" })]);
        await columns[2].WriteAsync(group, "assistant", [.. rows.Select(_ => new[] { "r" })]);
    }

    /// <summary>A leaf whose rows are lists. A value that is null is one part less defined, an empty list has one entry at its level.</summary>
    private static async Task WriteAsync<T>(ParquetRowGroupWriter group, DataField field, T?[][] rows, int repetition = 1)
        where T : struct
    {
        var values = new List<T>();
        var definitions = new List<int>();
        var repetitions = new List<int>();
        foreach (T?[] row in rows)
        {
            for (int i = 0; i < Math.Max(1, row.Length); i++)
            {
                repetitions.Add(i == 0 ? 0 : repetition);
                definitions.Add(row.Length == 0 ? 1 : field.MaxDefinitionLevel - (row[i] is null ? 1 : 0));
                if (row.Length > 0 && row[i] is { } value)
                    values.Add(value);
            }
        }

        await group.WriteAllPartsAsync<T>(
            field, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), TestContext.Current.CancellationToken);
    }

    /// <summary>A column of one message a row.</summary>
    private sealed class Messages
    {
        private readonly DataField _role = new DataField<string>("role", nullable: true);
        private readonly DataField _type = new DataField<string>("type", nullable: true);
        private readonly DataField _text = new DataField<string>("text", nullable: true);

        public Messages(string name) => Field = new ListField(
            name,
            new StructField(
                ListField.ElementName,
                _role,
                new ListField("content", new StructField(ListField.ElementName, _type, _text))));

        public Field Field { get; }

        public async Task WriteAsync(ParquetRowGroupWriter group, string role, string?[][] parts)
        {
            await TrlParquetFile.WriteAsync(group, _role, [.. parts.Select(_ => new ReadOnlyMemory<char>?[] { role.AsMemory() })]);
            await TrlParquetFile.WriteAsync(
                group, _type, [.. parts.Select(row => row.Select(part => (ReadOnlyMemory<char>?)(part is null ? "image" : "text").AsMemory()).ToArray())], 2);
            await TrlParquetFile.WriteAsync(group, _text, [.. parts.Select(row => row.Select(part => part?.AsMemory()).ToArray())], 2);
        }
    }
}
