using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Optimization;

namespace RlhfV.Training.Tests;

/// <summary>From questions and answers to a model that answers so.</summary>
public sealed class SupervisedTrainerTests : IDisposable
{
    private static readonly InstructionExample[] Examples =
    [
        Example("What animal is it?", "cat", "a.png"),
        Example("How many cups are there?", "two red cups", "b.png"),
        Example("Which is the first picture?", "the one with the lamp", "a.png", "e.png"),
        Example("Say hello.", "hello"),
    ];

    private readonly VisionLanguageModel _base = VisionLanguageModel.Load(TinyModel.Folder);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _base.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Fit_OneSeveralOrNoPictures_LearnsTheAnswersByHeart()
    {
        using VisionLanguageModel model = _base.Clone();

        TrainingResult result = Fit(model, Options());

        Assert.True(result.Final.Loss < 0.3 * result.Curve[0].Loss, $"loss {result.Curve[0].Loss} to {result.Final.Loss}");
        Assert.All(result.Curve, step => Assert.Equal(step.Loss, -step.ChosenLogProb, 1e-9));
        Assert.All(result.Curve, step => Assert.Equal((0, 0), (step.RewardMargin, step.RewardAccuracy)));
        Assert.Equal(4, result.Pairs);
    }

    [Fact]
    public void Fit_SmallPasses_GiveTheSameTrainingAsOneLargeBatch()
    {
        using VisionLanguageModel one = _base.Clone(), other = _base.Clone();

        TrainingResult whole = Fit(one, Options(o => o.BatchSize = 4));
        TrainingResult cut = Fit(other, Options(o => (o.BatchSize, o.MicroBatchTokens) = (4, 1)));

        Assert.All(whole.Curve.Zip(cut.Curve), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 2e-4));
        Assert.Equal(whole.Curve[0].Loss, cut.Curve[0].Loss, 1e-5);
        Assert.Equal(whole.Curve[0].GradientNorm, cut.Curve[0].GradientNorm, 1e-4 * whole.Curve[0].GradientNorm);
    }

    [Fact]
    public void Fit_StoppedAndContinued_EqualsARunThatNeverStopped()
    {
        using VisionLanguageModel whole = _base.Clone(), part = _base.Clone(), continued = _base.Clone();
        Fit(whole, Options());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        SupervisedOptions options = Options(o => o.RunFolder = _folder.File("run"));
        Assert.Throws<OperationCanceledException>(() => new SupervisedTrainer().Fit(part, Examples, options, new Stopper(stop, 3), stop.Token));

        TrainingResult result = Fit(continued, options);

        Assert.Equal(TinyNetworks.Weights(whole.Network), TinyNetworks.Weights(continued.Network));
        Assert.Equal(16, result.Curve.Count);
        using var saved = VisionLanguageModel.Load(_folder.File("run", "model"));
        Assert.Equal(TinyNetworks.Weights(whole.Network), TinyNetworks.Weights(saved.Network));
    }

    [Fact]
    public void Fit_VqaFiles_ThenPreferences_IsTheRoadOfThePaper()
    {
        File.Copy(GoldenData.Path("hf", "images", "a.png"), _folder.File("1.png"));
        File.WriteAllText(_folder.File("q.json"), """{"questions": [{"image_id": 1, "question": "What is it?", "question_id": 9}]}""");
        File.WriteAllText(_folder.File("a.json"), """{"annotations": [{"question_id": 9, "answers": [{"answer": "cat"}]}]}""");
        InstructionExample[] questions =
            [.. VqaInstructionFile.Read(_folder.File("q.json"), _folder.File("a.json"), new() { ImagePath = id => $"{id}.png" })];
        using VisionLanguageModel model = _base.Clone();

        TrainingResult tuned = new SupervisedTrainer().Fit(model, questions, Options(), cancellation: TestContext.Current.CancellationToken);
        TrainingResult aligned = new PreferenceTrainer().Fit(
            model, [TinyModel.Example("a dog", "a cat")], new DenseDpoOptions { MaxSteps = 1 }, cancellation: TestContext.Current.CancellationToken);

        Assert.True(tuned.Final.Loss < tuned.Curve[0].Loss);
        Assert.Equal(Math.Log(2), aligned.Final.Loss, 1e-5);
    }

    [Fact]
    public void Fit_BadExamples_AreRefusedOrListed()
    {
        using VisionLanguageModel model = _base.Clone();
        InstructionExample[] examples = [.. Examples, Example("Where?", " ", "a.png"), Example("Where?", "here", "no such.png")];

        var refused = Assert.Throws<ArgumentException>(() => Fit(model, Options(), examples));
        TrainingResult result = Fit(model, Options(o => (o.InvalidExamples, o.MaxSteps) = (InvalidExamplePolicy.Skip, 1)), examples);

        Assert.StartsWith("Example 4 cannot be trained on", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["example 4", "example 5"], result.Skipped.Select(skipped => skipped.Id));
        Assert.Throws<ArgumentException>(() => Fit(model, Options(), []));
    }

    private static TrainingResult Fit(VisionLanguageModel model, SupervisedOptions options, InstructionExample[]? examples = null) =>
        new SupervisedTrainer().Fit(model, examples ?? Examples, options, cancellation: TestContext.Current.CancellationToken);

    private static InstructionExample Example(string prompt, string answer, params string[] pictures) => new()
    {
        Images = [.. pictures.Select(picture => PreferenceImage.FromPath(GoldenData.Path("hf", "images", picture)))],
        Prompt = prompt,
        Answer = answer,
    };

    private static SupervisedOptions Options(Action<SupervisedOptions>? change = null)
    {
        var options = new SupervisedOptions
        {
            BatchSize = 2,
            Epochs = 8,
            LearningRate = 3e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
            FrozenParts = [NetworkPart.VisionTower],
        };
        change?.Invoke(options);
        return options;
    }

    private sealed class Stopper(CancellationTokenSource stop, int after) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == after)
            {
                stop.Cancel();
            }
        }
    }
}
