using Microsoft.ML;
using Microsoft.ML.Runtime;
using RlhfV.ML.Captioning;
using RlhfV.ML.Columns;
using RlhfV.Models;

namespace RlhfV.ML;

/// <summary>Adds a column with a model's answers about a column of pictures. Nothing is trained: fitting only checks the schema.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Pictures: MLImage, vector of Byte (encoded) or Text (path); questions: Text |
/// | Output column data type | Text |
/// | Caching worthwhile | Of the output, if it is read more than once |
/// | Required packages | RlhfV.ML and one libtorch package |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class CaptionEstimator : IEstimator<CaptionTransformer>
{
    private readonly MLContext _mlContext;
    private readonly VisionLanguageModel _model;
    private readonly CaptionOptions _options;

    internal CaptionEstimator(MLContext mlContext, VisionLanguageModel model, CaptionOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _mlContext = mlContext;
        _model = model;
        _options = options.Checked(nameof(options)).Seeded(((IHostEnvironment)mlContext).Register(nameof(CaptionEstimator)).Rand);
    }

    /// <summary>Checks the schema and gives the transformer, which holds its own reference to the model's weights.</summary>
    /// <param name="input">Data with the columns that the options name; not read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public CaptionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CaptionColumns columns = CaptionColumns.Find(input.Schema, _options);
        return new CaptionTransformer(_mlContext, _model.AddReference(), _options, columns.ImageKind);
    }

    /// <summary>The schema with the answers' column.</summary>
    /// <param name="inputSchema">The schema that will be fitted on.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CaptionColumns.Check(inputSchema, _options);
        return TextOutput.Append(_mlContext, inputSchema, _options.OutputColumnName);
    }
}
