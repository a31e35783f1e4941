using System.Globalization;
using Microsoft.ML.Runtime;
using RlhfV.Preferences;
using RlhfV.Training;

namespace RlhfV.ML.TrainingRuns;

/// <summary>
/// Tells of a run in the three ways ML.NET users listen: the caller's <see cref="IProgress{T}"/> and ML.NET's progress channel at every
/// step, <c>MLContext.Log</c> at every tenth of the run (a progress channel has no public listener of its own).
/// </summary>
internal sealed class TrainingReport : IProgress<TrainingProgress>, IDisposable
{
    private const int LinesPerRun = 10;

    private readonly IChannel _channel;
    private readonly IProgressChannel _steps;
    private readonly IProgress<TrainingProgress>? _listener;
    private bool _begun;
    private long _told;

    public TrainingReport(IHost host, IChannel channel, IProgress<TrainingProgress>? listener)
    {
        (_channel, _listener) = (channel, listener);
        _steps = host.StartProgressChannel("DenseDpo");
    }

    /// <summary>Says what is about to happen.</summary>
    public void Start(IReadOnlyList<PreferenceExample> examples, DenseDpoOptions options) => Tell(string.Create(
        CultureInfo.InvariantCulture,
        $"Dense DPO on {examples.Count} pairs, {examples.Count(e => e.Segments.Count > 0)} of them with annotated corrections: beta {options.Beta}, "
        + $"gamma {options.Gamma}, learning rate {options.LearningRate}, {options.BatchSize} pairs a step, seed {options.Seed}."));

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (!_begun)
        {
            _begun = true;
            _told = (value.Step - 1) * LinesPerRun / value.TotalSteps;
            _steps.SetHeader(
                new ProgressHeader(["loss", "reward margin", "reward accuracy"], ["steps"]),
                entry => entry.SetProgress(0, value.Step, value.TotalSteps));
        }

        _steps.Checkpoint(value.Loss, value.RewardMargin, value.RewardAccuracy, value.Step);
        if (value.Step * LinesPerRun / value.TotalSteps > _told)
        {
            _told = value.Step * LinesPerRun / value.TotalSteps;
            Tell(string.Create(
                CultureInfo.InvariantCulture,
                $"Step {value.Step} of {value.TotalSteps}: loss {value.Loss:F4}, reward margin {value.RewardMargin:F4}, "
                + $"reward accuracy {value.RewardAccuracy:P0}, {value.PairsPerSecond:F1} pairs/s, {value.Remaining:hh\\:mm\\:ss} left."));
        }

        _listener?.Report(value);
    }

    /// <summary>Says what came out.</summary>
    public void Finish(TrainingResult result)
    {
        foreach (SkippedExample skipped in result.Skipped)
            _channel.Warning(MessageSensitivity.UserData, $"Left out {skipped.Id}: {skipped.Reason}");
        Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"Aligned in {result.Steps} steps on {result.Pairs} pairs, {result.Skipped.Count} left out, {result.Elapsed:hh\\:mm\\:ss}."));
    }

    /// <inheritdoc/>
    public void Dispose() => _steps.Dispose();

    private void Tell(string line) => _channel.Info(MessageSensitivity.None, line);
}
