using RlhfV.Training;
using Spectre.Console;

namespace QuickStart;

/// <summary>A progress bar with loss, reward accuracy and remaining time; plain lines where the output is not a terminal.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs a training and shows how it goes.</summary>
    /// <param name="training">Runs with the progress it is given.</param>
    /// <returns>What the training returns.</returns>
    public static T Show<T>(Func<IProgress<TrainingProgress>, T> training)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            return training(new Report(PrintEveryTenth));
        }

        return AnsiConsole.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                ProgressTask task = context.AddTask("reference log-probabilities");
                return training(new Report(p =>
                {
                    task.MaxValue = p.TotalSteps;
                    task.Value = p.Step;
                    task.Description = Markup.Escape(Describe(p));
                }));
            });
    }

    private static void PrintEveryTenth(TrainingProgress p)
    {
        if (p.Step == p.TotalSteps || p.Step % Math.Max(1, p.TotalSteps / 10) == 0)
        {
            Console.WriteLine($"  step {p.Step}/{p.TotalSteps}  {Describe(p)}");
        }
    }

    private static string Describe(TrainingProgress p) =>
        $"loss {p.Loss:F3}  reward accuracy {p.RewardAccuracy:P0}  {p.Remaining:mm\\:ss} left";

    /// <summary>Calls on the training's own thread; <see cref="Progress{T}"/> would queue the calls and show them late.</summary>
    private sealed class Report(Action<TrainingProgress> show) : IProgress<TrainingProgress>
    {
        void IProgress<TrainingProgress>.Report(TrainingProgress value) => show(value);
    }
}
