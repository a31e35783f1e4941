using Microsoft.ML;
using Microsoft.ML.Runtime;
using RlhfV.ML.Captioning;
using RlhfV.ML.Columns;
using RlhfV.ML.PreferenceData;
using RlhfV.ML.TrainingRuns;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training;

namespace RlhfV.ML;

/// <summary>
/// Teaches a copy of a vision-language model to answer as examples do (instruction tuning). The fitted transformer asks the tuned model.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Supervised fine-tuning of a vision-language model |
/// | Does this estimator need to look at the data to train its parameters? | Yes, once |
/// | Input column data type | Pictures: MLImage, vector of Byte (encoded) or Text (path); question and answer: Text |
/// | Output column data type | Text |
/// | Is normalization required? | No |
/// | Is caching required? | No: rows are read once, each run keeps what it needs |
/// | Required packages | RlhfV.ML and one libtorch package |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class SupervisedEstimator : IEstimator<CaptionTransformer>
{
    private readonly MLContext _mlContext;
    private readonly IHost _host;
    private readonly VisionLanguageModel _model;
    private readonly SupervisedTrainerOptions _options;

    internal SupervisedEstimator(MLContext mlContext, VisionLanguageModel model, SupervisedTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _mlContext = mlContext;
        _host = ((IHostEnvironment)mlContext).Register(nameof(SupervisedEstimator));
        _model = model;
        _options = options.Checked(nameof(options));
        _options.Caption = _options.Caption!.Seeded(_host.Rand);
    }

    /// <summary>
    /// Trains on a copy of the model; the model itself and the data stay as they are. Fits with equal options, data and model give equal
    /// weights on a CPU.
    /// </summary>
    /// <param name="input">Questions and answers; all rows are read once.</param>
    /// <returns>A transformer with the tuned model and, in <see cref="CaptionTransformer.Training"/>, the learning curve. Dispose it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type; nothing was read or copied.</exception>
    /// <exception cref="ArgumentException">There is no row, or a row cannot be trained on and <see cref="TrainingOptions.InvalidExamples"/> says to refuse.</exception>
    /// <exception cref="RowDataException">A row cannot be read.</exception>
    /// <exception cref="NotFiniteNumberException">The loss became infinite or not a number.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled, and <see cref="VisionLanguageTrainerOptions.OnCancel"/> does not keep the model.</exception>
    public CaptionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CaptionColumns columns = CaptionColumns.Find(input.Schema, _options.Caption!);
        var reader = new PreferenceReader(input.Schema, _options.Columns.AsPreferences(), InstructionColumnNames.Parts);
        using IChannel channel = _host.Start(nameof(Fit));
        InstructionExample[] examples = [.. reader.Read(input, _options.CancellationToken).Select(InstructionExample.FromChosen)];
        using var report = new TrainingReport(_host, channel, _options.Progress, _options.Logger, "SupervisedFineTuning");
        report.Start(examples.Length, _options.Training);
        return new ModelFit(_mlContext, _model, _options, report).Run(
            columns.ImageKind,
            _options.Training.Lora is not null,
            examples.Length,
            (policy, adapter) => new SupervisedTrainer { Planned = report, AdapterFolder = adapter }.Fit(
                policy, examples, _options.Training, report, _options.CancellationToken));
    }

    /// <summary>The schema with the answers' column.</summary>
    /// <param name="inputSchema">The schema that will be fitted on.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        PreferenceReader.Check(inputSchema, _options.Columns.AsPreferences(), InstructionColumnNames.Parts);
        CaptionColumns.Check(inputSchema, _options.Caption!);
        return TextOutput.Append(_mlContext, inputSchema, _options.Caption!.OutputColumnName);
    }
}
