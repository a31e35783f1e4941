using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Columns;

/// <summary>Finds input columns and refuses what is missing or of the wrong type before any weight moves.</summary>
internal static class InputColumns
{
    private const string Text = "text";

    public static DataViewSchema.Column RequireText(DataViewSchema schema, string name, string option) =>
        Require(schema, name, option, Text, type => type is TextDataViewType);

    public static DataViewSchema.Column RequireImage(DataViewSchema schema, string name, string option) =>
        Require(schema, name, option, ImageColumn.Expected, type => ImageColumn.KindOf(type) is not null);

    /// <summary>A column of any type that fits.</summary>
    public static DataViewSchema.Column Require(
        DataViewSchema schema, string name, string option, string expected, Func<DataViewType, bool> fits)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Missing(name, option, expected, schema.Where(one => !one.IsHidden).Select(one => one.Name), nameof(schema));
        return fits(column.Type) ? column : throw WrongType(name, option, expected, column.Type.ToString()!, nameof(schema));
    }

    /// <summary>A text column that is used when it is there. One that was named must be there.</summary>
    public static DataViewSchema.Column? OptionalText(DataViewSchema schema, string? name, string usual, string option) =>
        name is null && schema.GetColumnOrNull(usual) is not { Type: TextDataViewType } ? null : RequireText(schema, name ?? usual, option);

    public static void RequireText(SchemaShape shape, string name, string option)
    {
        SchemaShape.Column column = Require(shape, name, option, Text);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType is not TextDataViewType)
            throw WrongType(name, option, Text, Describe(column), nameof(shape));
    }

    public static void RequireImage(SchemaShape shape, string name, string option)
    {
        SchemaShape.Column column = Require(shape, name, option, ImageColumn.Expected);
        if (column.IsKey || ImageColumn.KindOf(column.ItemType, column.Kind != SchemaShape.Column.VectorKind.Scalar) is null)
            throw WrongType(name, option, ImageColumn.Expected, Describe(column), nameof(shape));
    }

    public static void OptionalText(SchemaShape shape, string? name, string option)
    {
        if (name is not null)
            RequireText(shape, name, option);
    }

    private static SchemaShape.Column Require(SchemaShape shape, string name, string option, string expected)
    {
        foreach (SchemaShape.Column column in shape)
        {
            if (column.Name == name)
                return column;
        }

        throw Missing(name, option, expected, shape.Select(column => column.Name), nameof(shape));
    }

    // ML.NET's own components answer a schema that does not fit with this type.
    private static ArgumentOutOfRangeException Missing(
        string name, string option, string expected, IEnumerable<string> present, string parameter) =>
        new(parameter, $"The input has no column '{name}'; expected {expected}. It has: {string.Join(", ", present)}. Set {option}, or add the column.");

    private static ArgumentOutOfRangeException WrongType(string name, string option, string expected, string found, string parameter) =>
        new(parameter, $"The input column '{name}' is {found}; expected {expected}. Set {option} to another column, or convert it.");

    private static string Describe(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"keys ({column.ItemType})" : column.ItemType.ToString()!;
        return column.Kind == SchemaShape.Column.VectorKind.Scalar ? item : $"a vector of {item}";
    }
}
