namespace RlhfV.Training;

/// <summary>
/// What a run reports after each step. Rewards are beta times the policy's score minus the reference's; in supervised training they are 0.
/// </summary>
public readonly record struct TrainingProgress
{
    /// <summary>Steps made, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the run.</summary>
    public required long TotalSteps { get; init; }

    /// <summary>Passes over the data so far, with fractions.</summary>
    public required double Epoch { get; init; }

    /// <summary>Mean loss of the step's pairs, before the step.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean of chosen reward minus rejected reward.</summary>
    public required double RewardMargin { get; init; }

    /// <summary>Share of pairs whose chosen reward is above the rejected one; a tie counts as wrong. 0 to 1.</summary>
    public required double RewardAccuracy { get; init; }

    /// <summary>Mean score of the chosen answers: weighted mean or sum of log-probabilities, as the objective has it, in nats.</summary>
    public required double ChosenLogProb { get; init; }

    /// <summary>Mean score of the rejected answers, in nats.</summary>
    public required double RejectedLogProb { get; init; }

    /// <summary>Mean loss of the held-out examples after the step; null where none was computed.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Reward accuracy on the held-out examples; null where none was computed.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Norm of all gradients before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Learning rate of the step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Pairs (or instructions) per second since the run, or its resumption, began to step.</summary>
    public double PairsPerSecond { get; init; }

    /// <summary>Decoder tokens per second over the same time, padding not counted, a shared beginning counted once.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Time since the run, or its resumption, began to step.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Expected time to the end of the last step.</summary>
    public TimeSpan Remaining { get; init; }

    /// <summary>Physical memory of the process, in bytes.</summary>
    public long WorkingSet { get; init; }
}
