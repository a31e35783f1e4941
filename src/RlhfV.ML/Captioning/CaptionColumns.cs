using Microsoft.ML;
using RlhfV.ML.Columns;
using RlhfV.ML.PreferenceData;

namespace RlhfV.ML.Captioning;

/// <summary>The columns that captioning reads.</summary>
/// <param name="Image">The pictures.</param>
/// <param name="Prompt">The questions, or null when every row is asked the same.</param>
/// <param name="MoreImages">The pictures behind the first, or null when there is no such column.</param>
internal readonly record struct CaptionColumns(DataViewSchema.Column Image, DataViewSchema.Column? Prompt, DataViewSchema.Column? MoreImages)
{
    /// <summary>The form of the pictures.</summary>
    public ImageColumnKind ImageKind => ImageColumn.KindOf(Image.Type)!.Value;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static CaptionColumns Find(DataViewSchema schema, CaptionOptions options) => new(
        InputColumns.RequireImage(schema, options.ImageColumnName, nameof(CaptionOptions.ImageColumnName)),
        options.PromptColumnName is { } name ? InputColumns.RequireText(schema, name, nameof(CaptionOptions.PromptColumnName)) : null,
        InputColumns.OptionalText(
            schema, options.MoreImagesColumnName, PreferenceColumn.MoreImages, nameof(CaptionOptions.MoreImagesColumnName)));

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static void Check(SchemaShape shape, CaptionOptions options)
    {
        InputColumns.RequireImage(shape, options.ImageColumnName, nameof(CaptionOptions.ImageColumnName));
        if (options.PromptColumnName is { } name)
            InputColumns.RequireText(shape, name, nameof(CaptionOptions.PromptColumnName));
        InputColumns.OptionalText(shape, options.MoreImagesColumnName, nameof(CaptionOptions.MoreImagesColumnName));
    }
}
