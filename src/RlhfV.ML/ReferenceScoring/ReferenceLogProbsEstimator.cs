using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.ML.Columns;
using RlhfV.ML.PreferenceData;
using RlhfV.ML.ReferenceScoring;
using RlhfV.Models;

namespace RlhfV.ML;

/// <summary>Adds columns with the log-probabilities that a model gives to both answers of a pair. Nothing is trained: fitting only checks the schema.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Pictures: MLImage, vector of Byte (encoded) or Text (path); question, chosen and rejected answer: Text |
/// | Output column data type | Text (JSON), Single, Single |
/// | Caching worthwhile | Yes: every reading runs the model |
/// | Required packages | RlhfV.ML and one libtorch package |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class ReferenceLogProbsEstimator : IEstimator<ReferenceLogProbsTransformer>
{
    private readonly MLContext _mlContext;
    private readonly VisionLanguageModel _model;
    private readonly ReferenceLogProbsOptions _options;

    internal ReferenceLogProbsEstimator(MLContext mlContext, VisionLanguageModel model, ReferenceLogProbsOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_mlContext, _model, _options) = (mlContext, model, options.Checked(nameof(options)));
    }

    /// <summary>Checks the schema and gives the transformer, which holds its own reference to the model's weights.</summary>
    /// <param name="input">Data with the columns that the options name; not read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public ReferenceLogProbsTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = new PreferenceReader(input.Schema, _options.Columns, ReferenceComputation.Parts);
        return new ReferenceLogProbsTransformer(_model.AddReference(), _options);
    }

    /// <summary>The schema with the added columns.</summary>
    /// <param name="inputSchema">The schema that will be fitted on.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        PreferenceReader.Check(inputSchema, _options.Columns);
        var definition = SchemaDefinition.Create(typeof(ReferenceRow));

        // Found before they are named: a column is found by the name that it has now, which may be one of ours.
        var (json, chosen, rejected) = (
            definition[nameof(ReferenceRow.Json)], definition[nameof(ReferenceRow.Chosen)], definition[nameof(ReferenceRow.Rejected)]);
        (json.ColumnName, chosen.ColumnName, rejected.ColumnName) =
            (_options.OutputColumnName, _options.ChosenColumnName, _options.RejectedColumnName);
        return _mlContext.Transforms.CustomMapping<EmptyRow, ReferenceRow>((_, _) => { }, contractName: null, outputSchemaDefinition: definition)
            .GetOutputSchema(inputSchema);
    }
}
