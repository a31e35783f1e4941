using RlhfV.Training.Packing;

namespace RlhfV.Training;

/// <summary>Counts work against time and makes the progress records.</summary>
/// <param name="time">The clock.</param>
/// <param name="totalSteps">Steps of the run.</param>
/// <param name="firstStep">Steps made before this process began.</param>
internal sealed class TrainingSpeed(TimeProvider time, long totalSteps, long firstStep = 0)
{
    private readonly long _start = time.GetTimestamp();
    private long _pairs;
    private long _tokens;

    /// <summary>Time since the first step began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Counts a pass.</summary>
    public void Count(PackedBatch batch)
    {
        _pairs += batch.Pairs.Count;
        _tokens += batch.Tokens;
    }

    /// <summary>The record of a finished step.</summary>
    public TrainingProgress Report(long step, double epoch, double learningRate, double gradientNorm, StepStatistics statistics)
    {
        TimeSpan elapsed = Elapsed;
        double seconds = Math.Max(elapsed.TotalSeconds, 1e-9);
        return new TrainingProgress
        {
            Step = step,
            TotalSteps = totalSteps,
            Epoch = epoch,
            Loss = statistics.Loss,
            RewardMargin = statistics.RewardMargin,
            RewardAccuracy = statistics.RewardAccuracy,
            ChosenLogProb = statistics.ChosenLogProb,
            RejectedLogProb = statistics.RejectedLogProb,
            GradientNorm = gradientNorm,
            LearningRate = learningRate,
            PairsPerSecond = _pairs / seconds,
            TokensPerSecond = _tokens / seconds,
            Elapsed = elapsed,
            Remaining = elapsed * ((double)(totalSteps - step) / Math.Max(1, step - firstStep)),
        };
    }
}
