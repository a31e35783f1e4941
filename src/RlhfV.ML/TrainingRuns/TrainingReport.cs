using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.Runtime;
using RlhfV.Preferences;
using RlhfV.Training;
using RlhfV.Training.Planning;

namespace RlhfV.ML.TrainingRuns;

/// <summary>
/// Tells of a run in the ways people listen: the caller's <see cref="IProgress{T}"/>, ML.NET's progress channel and the meter at every step,
/// <c>MLContext.Log</c> and the logger at every tenth of the run (a progress channel has no public listener of its own).
/// </summary>
internal sealed class TrainingReport : IProgress<TrainingProgress>, IProgress<TrainingPlan>, IDisposable
{
    private const int LinesPerRun = 10;

    private readonly IChannel _channel;
    private readonly IProgressChannel _steps;
    private readonly IProgress<TrainingProgress>? _listener;
    private readonly ILogger _logger;
    private Activity? _activity;
    private bool _supervised;
    private bool _begun;
    private long _told;

    public TrainingReport(IHost host, IChannel channel, IProgress<TrainingProgress>? listener, ILogger? logger, string trainer)
    {
        (_channel, _listener, _logger) = (channel, listener, logger ?? NullLogger.Instance);
        _steps = host.StartProgressChannel(trainer);
    }

    /// <summary>The steps reported so far.</summary>
    public List<TrainingProgress> Curve { get; } = [];

    /// <summary>Says what is about to happen.</summary>
    public void Start(IReadOnlyList<PreferenceExample> examples, DenseDpoOptions options)
    {
        _activity = TrainingTelemetry.Start(examples.Count);
        int annotated = examples.Count(example => example.Segments.Count > 0);
        _logger.Started(examples.Count, annotated, options.Beta, options.Gamma, options.LearningRate, options.BatchSize, options.Seed);
        Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"Dense DPO on {examples.Count} pairs, {annotated} of them with annotated corrections: beta {options.Beta}, gamma {options.Gamma}, "
            + $"learning rate {options.LearningRate}, {options.BatchSize} pairs a step, seed {options.Seed}."));
    }

    /// <summary>Says what is about to happen in supervised training.</summary>
    public void Start(int examples, SupervisedOptions options)
    {
        _supervised = true;
        _activity = TrainingTelemetry.StartSupervised(examples);
        _logger.StartedSupervised(examples, options.LearningRate, options.BatchSize, options.Seed);
        Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"Supervised fine-tuning on {examples} answers: learning rate {options.LearningRate}, {options.BatchSize} answers a step, seed {options.Seed}."));
    }

    /// <summary>Says what the run will take.</summary>
    void IProgress<TrainingPlan>.Report(TrainingPlan value)
    {
        _logger.Planned(value.Steps, value.Memory.Total, value.Duration);
        Tell(value.ToString());
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        Curve.Add(value);
        if (!_begun)
        {
            _begun = true;
            _told = (value.Step - 1) * LinesPerRun / value.TotalSteps;
            _steps.SetHeader(
                new ProgressHeader(_supervised ? ["loss"] : ["loss", "reward margin", "reward accuracy"], ["steps"]),
                entry => entry.SetProgress(0, value.Step, value.TotalSteps));
        }

        _steps.Checkpoint(_supervised ? [value.Loss, value.Step] : [value.Loss, value.RewardMargin, value.RewardAccuracy, value.Step]);
        TrainingTelemetry.Record(value, rewards: !_supervised);
        _logger.Stepped(value.Step, value.Loss, value.GradientNorm, value.LearningRate);
        if (value.Step * LinesPerRun / value.TotalSteps > _told)
        {
            _told = value.Step * LinesPerRun / value.TotalSteps;
            Tell(value);
        }

        _listener?.Report(value);
    }

    /// <summary>Says what came out.</summary>
    public void Finish(TrainingResult result)
    {
        foreach (SkippedExample skipped in result.Skipped)
        {
            _logger.LeftOut(skipped.Id, skipped.Reason);
            _channel.Warning(MessageSensitivity.UserData, $"Left out {skipped.Id}: {skipped.Reason}");
        }

        foreach (string diagnostic in result.Diagnostics)
        {
            _logger.Diagnosed(diagnostic);
            _channel.Warning(MessageSensitivity.UserData, diagnostic);
        }

        _logger.Finished(result.Steps, result.Pairs, result.Skipped.Count, result.Elapsed);
        Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"Trained in {result.Steps} steps on {result.Pairs} {(_supervised ? "answers" : "pairs")}, {result.Skipped.Count} left out, {result.Elapsed:hh\\:mm\\:ss}."));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _steps.Dispose();
        _activity?.Dispose();
    }

    // Imitating has no rewards: zeros would read as a run that learns nothing.
    private void Tell(TrainingProgress value)
    {
        if (_supervised)
        {
            _logger.ProgressedSupervised(value.Step, value.TotalSteps, value.Loss, value.PairsPerSecond, value.Remaining);
            Tell(string.Create(
                CultureInfo.InvariantCulture,
                $"Step {value.Step} of {value.TotalSteps}: loss {value.Loss:F4}, {value.PairsPerSecond:F1} answers/s, "
                + $"{value.Remaining:hh\\:mm\\:ss} left."));
            return;
        }

        _logger.Progressed(
            value.Step, value.TotalSteps, value.Loss, value.RewardMargin, value.RewardAccuracy, value.PairsPerSecond, value.Remaining);
        Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"Step {value.Step} of {value.TotalSteps}: loss {value.Loss:F4}, reward margin {value.RewardMargin:F4}, "
            + $"reward accuracy {value.RewardAccuracy:P0}, {value.PairsPerSecond:F1} pairs/s, {value.Remaining:hh\\:mm\\:ss} left."));
    }

    private void Tell(string line) => _channel.Info(MessageSensitivity.None, line);
}
