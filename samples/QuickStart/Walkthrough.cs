using Microsoft.ML;
using RlhfV.Evaluation;
using RlhfV.ML;
using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Training;
using SceneWorld;
using Spectre.Console;

namespace QuickStart;

/// <summary>The whole road on one page: load, align, measure, report, save, use.</summary>
/// <param name="folder">Where everything goes.</param>
/// <param name="size">How much of the data is used.</param>
internal sealed class Walkthrough(string folder, RunSize size)
{
    // Sampled, not greedy: the mistakes that alignment has to change are those the model makes now and then.
    private static readonly GenerationOptions Decoding = SceneEvaluation.Decoding;

    /// <summary>Runs it.</summary>
    /// <param name="cancellationToken">Stops between steps, and inside the training.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var ml = new MLContext(seed: 1);

        AnsiConsole.MarkupLine("[bold]1[/] Corrected answers");
        IDataView pairs = ml.Data.TakeRows(ml.VisionLanguage.LoadPreferences(SceneWorldData.PreferencesFile), size.Pairs);

        AnsiConsole.MarkupLine("[bold]2[/] The model that gave them");
        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(SceneWorldData.ModelFolder);

        AnsiConsole.MarkupLine("[bold]3[/] Dense DPO");
        using CaptionTransformer aligned = ProgressDisplay.Show(progress => ml.VisionLanguage.Trainers.DenseDpo(
            model, Options(progress, cancellationToken)).Fit(pairs));

        AnsiConsole.MarkupLine($"[bold]4[/] {size.Scenes} held-out scenes, described before and after");
        var scenes = new HeldOutScenes(ml, size.Scenes);
        EvaluatedModel before = scenes.Evaluate("base", ml.VisionLanguage.Caption(model, Asking()).Fit(scenes.Rows));
        EvaluatedModel after = scenes.Evaluate("aligned", aligned);
        cancellationToken.ThrowIfCancellationRequested();

        AnsiConsole.MarkupLine("[bold]5[/] What changed");
        var report = new HallucinationReport(before, after, ReportOptions(aligned.Training!));
        report.Save(folder, cancellationToken);
        ResultTable.Print(report);

        AnsiConsole.MarkupLine("[bold]6[/] Save, load elsewhere, use");
        await new UseElsewhere(folder, Decoding).RunAsync(ml, aligned, scenes, cancellationToken);
    }

    private static CaptionOptions Asking() => new() { PromptColumnName = "Prompt", Generation = Decoding, BatchSize = 50 };

    // The paper's objective, beta 0.5 and gamma 5. Learning rate and length are those of a model of two million parameters instead of thirteen
    // billion, and a supervised term holds so small a model to whole sentences: without it captions grow short and recall falls.
    private DenseDpoTrainerOptions Options(IProgress<TrainingProgress> progress, CancellationToken cancellationToken) => new()
    {
        Training = new DenseDpoOptions
        {
            Epochs = size.Epochs,
            LearningRate = 1e-4,
            SupervisedWeight = 1,
            FrozenParts = [NetworkPart.VisionTower],
            Seed = 1,
        },
        Caption = Asking(),
        Progress = progress,
        CancellationToken = cancellationToken,
    };

    private HallucinationReportOptions ReportOptions(TrainingResult training) => new()
    {
        Title = "SceneWorld before and after dense DPO",
        Created = DateTimeOffset.Now,
        Training =
        [
            Series("Loss", p => p.Loss, training),
            Series("Reward accuracy", p => p.RewardAccuracy, training),
            Series("Reward margin", p => p.RewardMargin, training),
        ],
        Notes =
        [
            $"{training.Pairs} corrected pairs, {training.Steps} steps, {training.Elapsed.TotalSeconds:F0} s of training.",
            $"{size.Scenes} scenes that no training saw; answers sampled at temperature {Decoding.Temperature}, seed {Decoding.Seed}.",
            .. size == RunSize.Full ? (IEnumerable<string>)[] : ["A short run: these figures show that the steps work, not what the method reaches."],
        ],
    };

    private static ReportSeries Series(string name, Func<TrainingProgress, double> value, TrainingResult training) =>
        new(name, [.. training.Curve.Select(p => new ReportPoint(p.Step, value(p)))]);
}
