using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Augmentation;
using RlhfV.Training.Examples;
using RlhfV.Training.Loop;
using RlhfV.Training.Planning;
using static TorchSharp.torch;

namespace RlhfV.Training;

/// <summary>
/// Teaches a vision-language model to answer as examples do: the instruction tuning that precedes preference learning (RLHF-V, CVPR 2024,
/// section 4.1). Runs, folders, checkpoints and progress are those of <see cref="PreferenceTrainer"/>.
/// </summary>
/// <param name="time">The clock; null for the system's.</param>
public sealed class SupervisedTrainer(TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Told, once examples are encoded and before the first step, what the run will take. The plan is also part of
    /// <see cref="TrainingResult"/>, without a duration where nobody listens, and lies in the run folder.
    /// </summary>
    /// <value>The default value is null.</value>
    public IProgress<TrainingPlan>? Planned { get; init; }

    /// <summary>
    /// Folder into which learned low-rank corrections are written at the end, in PEFT's layout, before they join the weights; a run folder has
    /// them in <c>adapter/</c> as well. Where <see cref="TrainingOptions.Lora"/> is null there are none to write, which
    /// <see cref="TrainingResult.Diagnostics"/> says.
    /// </summary>
    /// <value>The default value is null.</value>
    public string? AdapterFolder { get; init; }

    /// <summary>
    /// Trains a model in place. Whatever happens, the model is left in evaluation mode and without gradients;
    /// <see cref="VisionLanguageModel.Clone"/> keeps a base.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">Questions and answers; read once, in order.</param>
    /// <param name="options">How to train. Copied on entry.</param>
    /// <param name="progress">Told after every step, on the calling thread.</param>
    /// <param name="cancellation">
    /// Looked at between passes of the network. A run with a folder leaves a checkpoint to continue from.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Options are wrong, the model has corrections attached that are not merged, there is no example, an example cannot be trained on, or the
    /// run folder holds another run.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model is being trained by another call already.</exception>
    /// <exception cref="NotFiniteNumberException">The loss became infinite or not a number; the message names the examples.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the model holds the steps made so far.</exception>
    /// <exception cref="ModelFormatException">The run folder has checkpoints, but none can be read.</exception>
    /// <exception cref="InvalidDataException">The run folder's metrics are damaged, or end before its newest checkpoint.</exception>
    /// <exception cref="IOException">The run folder or <see cref="AdapterFolder"/> cannot be written, or another process uses the run folder.</exception>
    public TrainingResult Fit(
        VisionLanguageModel model,
        IReadOnlyList<InstructionExample> examples,
        SupervisedOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(options);
        NetworkShape shape = NetworkShape.Of(model.Network);
        var settings = (SupervisedOptions)options.CheckedFor(shape);
        using var running = new RunningModel(model.Network);
        FitChecks.RequireNoAdapters(model.Network, nameof(model));
        FitChecks.RequireStorableType(model.Network, settings, nameof(model));
        FitChecks.RequireExamples(examples);
        FitChecks.RequireAdapterFolder(AdapterFolder, settings);
        new ObjectGuard(settings.Augmentation).Check(
            examples, example => example.Origin.Id, example => example.Images.Count > 0, example => [example.Prompt, example.Answer]);
        long start = _time.GetTimestamp();
        using var scope = NewDisposeScope();
        using var run = new PlannedRun(model, shape, settings, Planned);
        var encoder = new InstructionEncoder(model.Processor, run.MaxTokens, settings.CountPromptTokens);
        EncodedExamples<EncodedInstruction> encoded = encoder.Encode(examples, settings.InvalidExamples, run.Offer, cancellation);
        var task = new SupervisedTask(model.Network, model.Device, encoded.Items, run.Pictures, settings);
        TrainingResult result = run.Run(task, run.Workload.Of(encoded.Items), _time, AdapterFolder, progress, cancellation);
        return result with { Skipped = encoded.Skipped, Elapsed = _time.GetElapsedTime(start) };
    }
}
