using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.ML.Captioning;
using RlhfV.ML.Columns;
using RlhfV.ML.Rows;
using RlhfV.ML.Saving;
using RlhfV.Models;
using RlhfV.Training;

namespace RlhfV.ML;

/// <summary>
/// Adds a column with a model's answers. Lazy: a row is answered when its answer is read, in batches of <see cref="CaptionOptions.BatchSize"/>
/// when a whole <see cref="IDataView"/> is read. Safe for concurrent use.
/// </summary>
/// <remarks>
/// It holds one reference to the model's weights, which <see cref="Dispose"/> releases; a <c>PredictionEngine</c> does that with the
/// transformer it was made of, unless its options say otherwise.
/// </remarks>
public sealed class CaptionTransformer : ITransformer, IDisposable
{
    private readonly MLContext _mlContext;
    private readonly CaptionComputation _computation;

    /// <summary>Makes a transformer.</summary>
    /// <param name="mlContext">The context; needed to save.</param>
    /// <param name="model">The model; owned by the transformer from now on.</param>
    /// <param name="options">Checked options, not changed afterwards.</param>
    /// <param name="imageKind">The form of the pictures it was fitted on.</param>
    /// <param name="training">What the run that made the model left.</param>
    /// <param name="adapter">The corrections that the run learned, where they can be saved apart; owned.</param>
    internal CaptionTransformer(
        MLContext mlContext,
        VisionLanguageModel model,
        CaptionOptions options,
        ImageColumnKind imageKind,
        TrainingResult? training = null,
        LearnedAdapter? adapter = null)
    {
        (_mlContext, Model, Options, ImageKind, Training, Adapter) = (mlContext, model, options, imageKind, training, adapter);
        _computation = new CaptionComputation(new Captioner(model, options), options);
    }

    /// <summary>The model. It belongs to the transformer: take <see cref="VisionLanguageModel.AddReference"/> of it to use it longer.</summary>
    public VisionLanguageModel Model { get; }

    /// <summary>Metrics and learning curve of the run that made the model; null when the transformer comes from no trainer.</summary>
    public TrainingResult? Training { get; }

    /// <summary>Always true: one answer per row.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The corrections that training learned, apart from the weights that hold them as well; null for none.</summary>
    internal LearnedAdapter? Adapter { get; }

    /// <summary>Whether the save in progress puts the corrections into the zip.</summary>
    internal bool SavesAdapter { get; set; }

    /// <summary>The options; never changed.</summary>
    internal CaptionOptions Options { get; }

    /// <summary>The form in which a saved copy expects pictures. This object takes all forms.</summary>
    internal ImageColumnKind ImageKind { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _computation.Extend(inputSchema);
    }

    /// <summary>Adds the column; nothing is computed before it is read.</summary>
    /// <param name="input">Data with the columns that the options name.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ComputedView<CaptionRequest, string>(input, _computation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ComputedMapper<CaptionRequest, string>(inputSchema, _computation);
    }

    /// <summary>Releases the model. Views and engines made of the transformer cannot compute afterwards; a batch in progress on another thread ends first.</summary>
    public void Dispose()
    {
        Model.Dispose();
        Adapter?.Dispose();
    }

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => CaptionCarrier.Save(_mlContext, this, ctx);
}
