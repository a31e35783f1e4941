namespace RlhfV.Training.Optimization;

/// <summary>
/// The learning rate of each step: a line from zero during warm-up, then the schedule. As in Hugging Face's trainer step 0 of a
/// warm-up has learning rate zero and moves nothing.
/// </summary>
/// <param name="Schedule">What follows warm-up.</param>
/// <param name="Peak">The learning rate at the end of warm-up.</param>
/// <param name="WarmupSteps">Steps of warm-up; 0 for none.</param>
/// <param name="TotalSteps">Steps of the run.</param>
public readonly record struct WarmupSchedule(LearningRateSchedule Schedule, double Peak, long WarmupSteps, long TotalSteps)
{
    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Steps already made, from 0.</param>
    public double At(long step)
    {
        if (step < WarmupSteps)
        {
            return Peak * step / WarmupSteps;
        }

        double progress = Math.Min(1, (double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps));
        return Schedule switch
        {
            LearningRateSchedule.Constant => Peak,
            LearningRateSchedule.Linear => Peak * (1 - progress),
            LearningRateSchedule.Cosine => Peak * 0.5 * (1 + Math.Cos(Math.PI * progress)),
            _ => throw new ArgumentOutOfRangeException(nameof(Schedule), Schedule, $"There is no schedule {Schedule}."),
        };
    }
}
