using System.Text.Json;
using Microsoft.ML;
using RlhfV.ML.Columns;
using RlhfV.Preferences;

namespace RlhfV.ML.PreferenceData;

/// <summary>Reads rows back into examples.</summary>
internal static class PreferenceReader
{
    /// <summary>Checks that the columns are there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static void Check(SchemaShape shape, PreferenceColumnNames names)
    {
        InputColumns.RequireImage(shape, names.ImageColumnName, nameof(names.ImageColumnName));
        InputColumns.RequireText(shape, names.PromptColumnName, nameof(names.PromptColumnName));
        InputColumns.RequireText(shape, names.ChosenColumnName, nameof(names.ChosenColumnName));
        InputColumns.RequireText(shape, names.RejectedColumnName, nameof(names.RejectedColumnName));
        InputColumns.OptionalText(shape, names.SegmentsColumnName, nameof(names.SegmentsColumnName));
        InputColumns.OptionalText(shape, names.HistoryColumnName, nameof(names.HistoryColumnName));
        InputColumns.OptionalText(shape, names.IdColumnName, nameof(names.IdColumnName));
    }

    /// <summary>Reads the rows lazily. The columns are checked by the call itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static IEnumerable<PreferenceExample> Read(IDataView data, PreferenceColumnNames names)
    {
        DataViewSchema.Column image = InputColumns.RequireImage(data.Schema, names.ImageColumnName, nameof(names.ImageColumnName));
        (PreferenceColumn Column, DataViewSchema.Column Source)[] texts =
            [.. PreferenceColumn.Texts.Select(text => (text, Find(data.Schema, text.Name, names))).Where(pair => pair.Item2 is not null)
                .Select(pair => (pair.text, pair.Item2!.Value))];
        return Rows(data, image, texts, names.ImageFolder);
    }

    private static DataViewSchema.Column? Find(DataViewSchema schema, string usual, PreferenceColumnNames names) => usual switch
    {
        PreferenceColumn.Prompt => InputColumns.RequireText(schema, names.PromptColumnName, nameof(names.PromptColumnName)),
        PreferenceColumn.Chosen => InputColumns.RequireText(schema, names.ChosenColumnName, nameof(names.ChosenColumnName)),
        PreferenceColumn.Rejected => InputColumns.RequireText(schema, names.RejectedColumnName, nameof(names.RejectedColumnName)),
        PreferenceColumn.Segments => InputColumns.OptionalText(schema, names.SegmentsColumnName, usual, nameof(names.SegmentsColumnName)),
        PreferenceColumn.History => InputColumns.OptionalText(schema, names.HistoryColumnName, usual, nameof(names.HistoryColumnName)),
        PreferenceColumn.Id => InputColumns.OptionalText(schema, names.IdColumnName, usual, nameof(names.IdColumnName)),
        _ => InputColumns.OptionalText(schema, null, usual, usual),
    };

    private static IEnumerable<PreferenceExample> Rows(
        IDataView data, DataViewSchema.Column image, (PreferenceColumn Column, DataViewSchema.Column Source)[] texts, string? imageFolder)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([image, .. texts.Select(text => text.Source)]);
        Func<PreferenceImage?> picture = PreferencePicture.Open(cursor, image, imageFolder);
        ValueGetter<ReadOnlyMemory<char>>[] getters = [.. texts.Select(text => cursor.GetGetter<ReadOnlyMemory<char>>(text.Source))];
        while (cursor.MoveNext())
        {
            var example = new PreferenceExample { Image = picture(), Prompt = "", Chosen = "", Rejected = "" };
            for (int i = 0; i < texts.Length; i++)
                example = ReadText(example, texts[i].Column, texts[i].Source.Name, getters[i], cursor.Position + 1);
            yield return example;
        }
    }

    private static PreferenceExample ReadText(
        PreferenceExample example, PreferenceColumn column, string name, ValueGetter<ReadOnlyMemory<char>> get, long row)
    {
        ReadOnlyMemory<char> value = default;
        get(ref value);
        try
        {
            return value.IsEmpty ? example : column.Read(example, value.ToString());
        }
        catch (JsonException problem)
        {
            throw new RowDataException(row, name, $"is no JSON as {nameof(PreferenceJson)} writes it: {problem.Message}", problem);
        }
    }
}
