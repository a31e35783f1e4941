namespace RlhfV.Training;

/// <summary>What a finished run leaves besides the trained model.</summary>
public sealed record TrainingResult
{
    /// <summary>Steps made.</summary>
    public required long Steps { get; init; }

    /// <summary>Pairs that were trained on.</summary>
    public required int Pairs { get; init; }

    /// <summary>Examples that were left out, with the reason; empty unless <see cref="DenseDpoOptions.InvalidExamples"/> asks to skip.</summary>
    public required IReadOnlyList<SkippedExample> Skipped { get; init; }

    /// <summary>One entry per step.</summary>
    public required IReadOnlyList<TrainingProgress> Curve { get; init; }

    /// <summary>Time of the whole run with preparation.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The last step's metrics.</summary>
    public TrainingProgress Final => Curve[^1];
}
