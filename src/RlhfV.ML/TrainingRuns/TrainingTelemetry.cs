using System.Diagnostics;
using System.Diagnostics.Metrics;
using RlhfV.Training;

namespace RlhfV.ML.TrainingRuns;

/// <summary>What hosts can collect about runs: one activity per fit and the figures of its steps, all under <see cref="Name"/>.</summary>
internal static class TrainingTelemetry
{
    public const string Name = "RlhfV.ML";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("rlhfv.training.steps", "{step}", "Steps made.");
    private static readonly Gauge<double> Loss = Meter.CreateGauge<double>("rlhfv.training.loss", description: "Loss of the last step.");
    private static readonly Gauge<double> Accuracy =
        Meter.CreateGauge<double>("rlhfv.training.reward_accuracy", "1", "Share of the last step's pairs whose chosen reward is above the rejected one.");

    /// <summary>Begins the activity of a run, or gives null when nobody listens.</summary>
    public static Activity? Start(int pairs) => Source.StartActivity("rlhfv.dense_dpo.fit")?.SetTag("rlhfv.pairs", pairs);

    /// <summary>Begins the activity of a supervised run, or gives null when nobody listens.</summary>
    public static Activity? StartSupervised(int examples) => Source.StartActivity("rlhfv.supervised.fit")?.SetTag("rlhfv.examples", examples);

    /// <summary>Records a step.</summary>
    /// <param name="progress">The step.</param>
    /// <param name="rewards">Whether the run has any.</param>
    public static void Record(TrainingProgress progress, bool rewards)
    {
        Steps.Add(1);
        Loss.Record(progress.Loss);
        if (rewards)
            Accuracy.Record(progress.RewardAccuracy);
    }
}
