using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.ML.ReferenceScoring;
using RlhfV.ML.Rows;
using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.ML;

/// <summary>Adds columns with log-probabilities of both answers. Lazy, batched and safe for concurrent use; holds one reference to the model's weights.</summary>
public sealed class ReferenceLogProbsTransformer : ITransformer, IDisposable
{
    private readonly VisionLanguageModel _model;
    private readonly ReferenceComputation _computation;

    internal ReferenceLogProbsTransformer(VisionLanguageModel model, ReferenceLogProbsOptions options)
    {
        _model = model;
        _computation = new ReferenceComputation(new ReferenceScorer(model), options);
    }

    /// <summary>Always true.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _computation.Extend(inputSchema);
    }

    /// <summary>Adds the columns; nothing is computed before one is read.</summary>
    /// <param name="input">Data with the columns that the options name.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ComputedView<PreferenceRow, ReferenceLogProbs>(input, _computation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ComputedMapper<PreferenceRow, ReferenceLogProbs>(inputSchema, _computation);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _model.Dispose();

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: it prepares training data, and what is worth keeping is its output.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw CannotBeSaved();

    internal static NotSupportedException CannotBeSaved() => new(
        $"A {nameof(ReferenceLogProbsTransformer)} cannot be saved with a model: it prepares training data. Keep its output with "
        + "mlContext.Data.SaveAsBinary or in a preference file, and take it out of the chain before saving.");
}
