using Microsoft.ML;
using RlhfV.ML.Columns;

namespace RlhfV.ML.Captioning;

/// <summary>The columns that captioning reads.</summary>
/// <param name="Image">The pictures.</param>
/// <param name="Prompt">The questions, or null when every row is asked the same.</param>
internal readonly record struct CaptionColumns(DataViewSchema.Column Image, DataViewSchema.Column? Prompt)
{
    /// <summary>The form of the pictures.</summary>
    public ImageColumnKind ImageKind => ImageColumn.KindOf(Image.Type)!.Value;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static CaptionColumns Find(DataViewSchema schema, CaptionOptions options) => new(
        InputColumns.RequireImage(schema, options.ImageColumnName, nameof(CaptionOptions.ImageColumnName)),
        options.PromptColumnName is { } name ? InputColumns.RequireText(schema, name, nameof(CaptionOptions.PromptColumnName)) : null);

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static void Check(SchemaShape shape, CaptionOptions options)
    {
        InputColumns.RequireImage(shape, options.ImageColumnName, nameof(CaptionOptions.ImageColumnName));
        if (options.PromptColumnName is { } name)
            InputColumns.RequireText(shape, name, nameof(CaptionOptions.PromptColumnName));
    }
}
