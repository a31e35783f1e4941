using System.Text.Json;
using Microsoft.ML;
using RlhfV.ML.Columns;
using RlhfV.Models.Images;
using RlhfV.Preferences;

namespace RlhfV.ML.PreferenceData;

/// <summary>Reads rows of a schema back into examples.</summary>
internal sealed class PreferenceReader
{
    private readonly DataViewSchema.Column _image;
    private readonly (PreferenceColumn Column, DataViewSchema.Column Source)[] _texts;
    private readonly string? _imageFolder;

    /// <summary>Finds the columns.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="names">Which columns hold what.</param>
    /// <param name="wanted">The parts of an example that are wanted besides the picture; null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public PreferenceReader(DataViewSchema schema, PreferenceColumnNames names, IReadOnlySet<string>? wanted = null)
    {
        _image = InputColumns.RequireImage(schema, names.ImageColumnName, nameof(names.ImageColumnName));

        // A column of paths says where the pictures lie; the name that they came with must not take its place.
        _texts =
        [
            .. from column in PreferenceColumn.Texts
               where wanted?.Contains(column.Name) != false
               let source = Find(schema, column.Name, names)
               where column.Name != PreferenceColumn.ImagePath || ImageColumn.KindOf(_image.Type) != ImageColumnKind.Path
               where source is not null
               select (column, source.Value),
        ];
        _imageFolder = names.ImageFolder;
    }

    /// <summary>The columns that are read.</summary>
    public IReadOnlyList<DataViewSchema.Column> Columns => [_image, .. _texts.Select(text => text.Source)];

    /// <summary>Checks that the columns are there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <param name="shape">The schema.</param>
    /// <param name="names">Which columns hold what.</param>
    /// <param name="wanted">The parts of an example that are wanted besides the picture; null for all.</param>
    public static void Check(SchemaShape shape, PreferenceColumnNames names, IReadOnlySet<string>? wanted = null)
    {
        InputColumns.RequireImage(shape, names.ImageColumnName, nameof(names.ImageColumnName));
        InputColumns.RequireText(shape, names.PromptColumnName, nameof(names.PromptColumnName));
        InputColumns.RequireText(shape, names.ChosenColumnName, nameof(names.ChosenColumnName));
        if (wanted?.Contains(PreferenceColumn.Rejected) != false)
            InputColumns.RequireText(shape, names.RejectedColumnName, nameof(names.RejectedColumnName));
        InputColumns.OptionalText(shape, names.SegmentsColumnName, nameof(names.SegmentsColumnName));
        InputColumns.OptionalText(shape, names.HistoryColumnName, nameof(names.HistoryColumnName));
        InputColumns.OptionalText(shape, names.IdColumnName, nameof(names.IdColumnName));
        InputColumns.OptionalText(shape, names.ReferenceLogProbsColumnName, nameof(names.ReferenceLogProbsColumnName));
        InputColumns.OptionalText(shape, names.MoreImagesColumnName, nameof(names.MoreImagesColumnName));
    }

    /// <summary>A reader of the current row.</summary>
    /// <param name="row">A row or cursor whose <see cref="Columns"/> are active.</param>
    public Func<PreferenceExample> Open(DataViewRow row)
    {
        Func<PreferenceImage?> picture = PreferencePicture.Open(row, _image, _imageFolder);
        ValueGetter<ReadOnlyMemory<char>>[] getters = [.. _texts.Select(text => row.GetGetter<ReadOnlyMemory<char>>(text.Source))];
        return () =>
        {
            var example = new PreferenceExample { Image = ReadPicture(picture, row.Position + 1), Prompt = "", Chosen = "", Rejected = "" };
            for (int i = 0; i < _texts.Length; i++)
                example = ReadText(example, _texts[i].Column, _texts[i].Source.Name, getters[i], row.Position + 1);
            return Located(example);
        };
    }

    /// <summary>Reads all rows lazily.</summary>
    /// <param name="data">Data of the schema.</param>
    /// <param name="cancellation">Looked at before every row.</param>
    public IEnumerable<PreferenceExample> Read(IDataView data, CancellationToken cancellation = default)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(Columns);
        Func<PreferenceExample> read = Open(cursor);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return read();
        }
    }

    /// <summary>Pictures behind the first that are known by path begin where those of a path column do.</summary>
    private PreferenceExample Located(PreferenceExample example) => _imageFolder is not { } folder || example.MoreImages.Count == 0
        ? example
        : example with
        {
            MoreImages =
            [
                .. example.MoreImages.Select(image =>
                    image is { Bytes: null, Path: { } path } ? image with { Path = Path.Combine(folder, path) } : image),
            ],
        };

    private static DataViewSchema.Column? Find(DataViewSchema schema, string usual, PreferenceColumnNames names) => usual switch
    {
        PreferenceColumn.Prompt => InputColumns.RequireText(schema, names.PromptColumnName, nameof(names.PromptColumnName)),
        PreferenceColumn.Chosen => InputColumns.RequireText(schema, names.ChosenColumnName, nameof(names.ChosenColumnName)),
        PreferenceColumn.Rejected => InputColumns.RequireText(schema, names.RejectedColumnName, nameof(names.RejectedColumnName)),
        PreferenceColumn.Segments => InputColumns.OptionalText(schema, names.SegmentsColumnName, usual, nameof(names.SegmentsColumnName)),
        PreferenceColumn.History => InputColumns.OptionalText(schema, names.HistoryColumnName, usual, nameof(names.HistoryColumnName)),
        PreferenceColumn.Id => InputColumns.OptionalText(schema, names.IdColumnName, usual, nameof(names.IdColumnName)),
        PreferenceColumn.ReferenceLogProbs =>
            InputColumns.OptionalText(schema, names.ReferenceLogProbsColumnName, usual, nameof(names.ReferenceLogProbsColumnName)),
        PreferenceColumn.MoreImages =>
            InputColumns.OptionalText(schema, names.MoreImagesColumnName, usual, nameof(names.MoreImagesColumnName)),
        _ => InputColumns.OptionalText(schema, null, usual, usual),
    };

    private PreferenceImage? ReadPicture(Func<PreferenceImage?> picture, long row)
    {
        try
        {
            return picture();
        }
        catch (ImageFormatException problem)
        {
            throw new RowDataException(row, _image.Name, problem.Message, problem);
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
