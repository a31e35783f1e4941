using RlhfV.Training.Planning;

namespace RlhfV.Training;

/// <summary>What a finished run leaves besides the trained model.</summary>
public sealed record TrainingResult
{
    /// <summary>Steps made.</summary>
    public required long Steps { get; init; }

    /// <summary>The step whose weights the model has when <see cref="WeightSelection.BestValidation"/> was asked for, else null.</summary>
    public long? BestStep { get; init; }

    /// <summary>Examples that were trained on, held-out ones not counted.</summary>
    public required int Pairs { get; init; }

    /// <summary>
    /// Examples that were left out, with the reason; empty unless <see cref="TrainingOptions.InvalidExamples"/> asks to skip.
    /// </summary>
    public IReadOnlyList<SkippedExample> Skipped { get; init; } = [];

    /// <summary>What went on in spite of a problem, in sentences: stored picture features that were damaged, examples that teach nothing but were kept. Usually empty.</summary>
    public IReadOnlyList<string> Diagnostics { get; init; } = [];

    /// <summary>One entry per step, those before a resumption included.</summary>
    public required IReadOnlyList<TrainingProgress> Curve { get; init; }

    /// <summary>Time of the whole run with preparation.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What the run was expected to take.</summary>
    public TrainingPlan? Plan { get; init; }

    /// <summary>Full path of the run's folder, or null.</summary>
    public string? RunFolder { get; init; }

    /// <summary>The last step's metrics.</summary>
    public TrainingProgress Final => Curve[^1];
}
