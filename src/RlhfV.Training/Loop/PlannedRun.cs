using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Training.Examples;
using RlhfV.Training.Pictures;
using RlhfV.Training.Planning;
using RlhfV.Training.Runs;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>What both trainers do around the loop: pictures, plan, the loop itself, the trained model in the run folder.</summary>
internal sealed class PlannedRun : IDisposable
{
    private readonly VisionLanguageModel _model;
    private readonly TrainingOptions _options;
    private readonly IProgress<TrainingPlan>? _planned;
    private readonly string _baseModel; // the model forgets its folder as soon as its weights change
    private readonly List<string> _diagnostics = [];
    private long[]? _pictureShape;

    /// <summary>Begins a run.</summary>
    /// <param name="model">The model, trained in place.</param>
    /// <param name="shape">Its network's sizes.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="planned">Told the plan, or null.</param>
    public PlannedRun(VisionLanguageModel model, NetworkShape shape, TrainingOptions options, IProgress<TrainingPlan>? planned)
    {
        (_model, Shape, _options, _planned, _baseModel) = (model, shape, options, planned, model.Folder ?? "");
        if (options.RoundVisionTower)
        {
            // Before anything looks at the weights: features, hashes, the reference.
            TowerRounding.Apply(model.Network);
            model.WeightsChanged();
        }

        FeatureCache? disk = options is { RunFolder: { } folder, TowerLearns: false }
            ? new FeatureCache(Path.Combine(folder, "features"), TowerHash(model.Network), _diagnostics.Add)
            : null;
        Pictures = new PictureStore(model.Network, !options.TowerLearns, disk);
    }

    /// <summary>The pictures' features.</summary>
    public PictureStore Pictures { get; }

    /// <summary>Longest sequence allowed, in tokens.</summary>
    public int MaxTokens => _options.MaxTokens ?? Shape.Decoder.MaxPositions;

    /// <summary>Counts what was encoded.</summary>
    public WorkloadCounter Workload => new(WorkloadCounter.TowerTokens(Shape, _pictureShape));

    private NetworkShape Shape { get; }

    /// <summary>Takes a picture that was just preprocessed.</summary>
    public void Offer(ExamplePicture picture, ProcessedImage image)
    {
        _pictureShape ??= image.Shape;
        if (_options.Augmentation is null)
        {
            Pictures.Offer(picture, image);
        }
    }

    /// <summary>Adds to <see cref="TrainingResult.Diagnostics"/>.</summary>
    public void Diagnose(IEnumerable<string> sentences) => _diagnostics.AddRange(sentences);

    /// <summary>Tells the plan, runs the loop and saves the model.</summary>
    public TrainingResult Run(
        TrainingTask task,
        TrainingWorkload workload,
        TimeProvider time,
        string? adapterFolder,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        if (adapterFolder is not null && _options.Lora is null)
        {
            _diagnostics.Add("No adapter was written to the AdapterFolder: Lora is null, so the weights themselves learned. Set Lora for an adapter.");
        }

        // Measuring takes a moment, so it is done only for somebody.
        ScalarType type = _model.Network.parameters().First().dtype;
        double? speed = _planned is null ? null : ComputeSpeed.Measure(_model.Device, type);
        TrainingPlan plan = TrainingPlan.Make(Shape, _options, workload, type, speed);
        _planned?.Report(plan);
        _model.WeightsChanged();
        TrainingResult result = new TrainingLoop(
            _model.Network, task, _options, time, plan, adapterFolder, _baseModel, _diagnostics.Add, folder => _model.Save(Path.Combine(folder, "model")))
            .Run(progress, cancellation);
        return result with { Diagnostics = [.. _diagnostics] };
    }

    /// <inheritdoc/>
    public void Dispose() => Pictures.Dispose();

    private static string TowerHash(VisionLanguageNetwork network) => TensorHash.Of(
        network.named_parameters().Where(p => network.PartOf(p.name) == NetworkPart.VisionTower).Select(p => (p.name, (Tensor)p.parameter)));
}
