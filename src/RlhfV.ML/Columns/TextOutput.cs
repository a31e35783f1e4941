using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Columns;

/// <summary>Adds a text column to the shape of a schema.</summary>
internal static class TextOutput
{
    /// <summary>The shape with the column. The constructors of shapes are closed to us, so a stock estimator without inputs makes it.</summary>
    public static SchemaShape Append(MLContext mlContext, SchemaShape shape, string name)
    {
        var definition = SchemaDefinition.Create(typeof(TextRow));
        definition[nameof(TextRow.Text)].ColumnName = name;
        return mlContext.Transforms.CustomMapping<EmptyRow, TextRow>((_, _) => { }, contractName: null, outputSchemaDefinition: definition)
            .GetOutputSchema(shape);
    }
}
