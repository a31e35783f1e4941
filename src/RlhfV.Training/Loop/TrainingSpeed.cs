using RlhfV.Training.Packing;

namespace RlhfV.Training.Loop;

/// <summary>Counts work against time.</summary>
/// <param name="time">The clock.</param>
/// <param name="firstStep">Steps made before this process began.</param>
/// <param name="totalSteps">Steps of the run.</param>
internal sealed class TrainingSpeed(TimeProvider time, long firstStep, long totalSteps)
{
    private readonly long _start = time.GetTimestamp();
    private long _items;
    private long _tokens;

    /// <summary>Counts a pass.</summary>
    public void Count(PackedBatch batch)
    {
        _items += batch.Examples.Count;
        _tokens += batch.Tokens;
    }

    /// <summary>Adds what time says to the record of a finished step.</summary>
    public TrainingProgress Complete(TrainingProgress progress)
    {
        TimeSpan elapsed = time.GetElapsedTime(_start);
        double seconds = Math.Max(elapsed.TotalSeconds, 1e-9);
        return progress with
        {
            PairsPerSecond = _items / seconds,
            TokensPerSecond = _tokens / seconds,
            Elapsed = elapsed,
            Remaining = elapsed * ((double)(totalSteps - progress.Step) / (progress.Step - firstStep)),
            WorkingSet = Environment.WorkingSet,
        };
    }
}
