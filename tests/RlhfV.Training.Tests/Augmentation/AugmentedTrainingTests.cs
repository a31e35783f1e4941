using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Augmentation;
using RlhfV.Training.Optimization;

namespace RlhfV.Training.Tests.Augmentation;

/// <summary>What augmentation does to a run: views, reference, refusals.</summary>
public sealed class AugmentedTrainingTests : IDisposable
{
    private static readonly PreferenceExample[] Examples =
    [
        TinyModel.Example("a dog sits here", "a cat sits here"),
        TinyModel.Example("two red cups", "three red cups", "b.png"),
        TinyModel.Example("a man walks", "a man and a dog walk", "e.png"),
    ];

    private readonly VisionLanguageModel _base = VisionLanguageModel.Load(TinyModel.Folder);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _base.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Fit_Augmented_StartsAtLnTwoInEveryViewBecauseTheReferenceSeesTheSame()
    {
        // A learning rate that moves nothing measurable: then policy and reference differ only if they see different pictures.
        TrainingResult same = Fit(o => (o.Augmentation, o.LearningRate) = (Strong(), 1e-12));
        TrainingResult other = Fit(o => (o.Augmentation, o.LearningRate) = (Strong(ReferenceView.AnotherView), 1e-12));

        Assert.All(same.Curve, step => Assert.Equal(Math.Log(2), step.Loss, 1e-5));
        Assert.Contains(other.Curve, step => Math.Abs(step.Loss - Math.Log(2)) > 1e-4);
    }

    [Fact]
    public void Fit_Views_ChangeFromEpochToEpochAndComeBack()
    {
        TrainingResult all = Fit(o => (o.Augmentation, o.LearningRate, o.Epochs) = (Strong(), 1e-12, 4));
        AugmentationOptions two = Strong();
        two.Views = 2;
        TrainingResult few = Fit(o => (o.Augmentation, o.LearningRate, o.Epochs) = (two, 1e-12, 4));

        Assert.Equal(4, all.Curve.Select(step => Math.Round(step.ChosenLogProb, 5)).Distinct().Count());
        Assert.Equal(2, few.Curve.Select(step => Math.Round(step.ChosenLogProb, 5)).Distinct().Count());
        Assert.Equal(few.Curve[0].ChosenLogProb, few.Curve[2].ChosenLogProb, 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_AugmentedStoppedAndContinued_EqualsARunThatNeverStopped(bool frozenTower)
    {
        void Change(DenseDpoOptions o) => (o.Augmentation, o.Epochs, o.BatchSize, o.FrozenParts) =
            (Strong(), 3, 2, frozenTower ? [NetworkPart.VisionTower] : []);
        using VisionLanguageModel whole = _base.Clone(), part = _base.Clone(), continued = _base.Clone();
        Fit(Change, whole);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        DenseDpoOptions options = Options(Change);
        options.RunFolder = _folder.File("run");
        Assert.Throws<OperationCanceledException>(() => new PreferenceTrainer().Fit(part, Examples, options, new Stopper(stop, 3), stop.Token));

        Fit(o => { Change(o); o.RunFolder = _folder.File("run"); }, continued);

        Assert.Equal(TinyNetworks.Weights(whole.Network), TinyNetworks.Weights(continued.Network));
    }

    [Fact]
    public void Fit_HeldOutExamples_AreScoredOnPicturesAsTheyAre()
    {
        TrainingResult plain = Fit(o => (o.ValidationShare, o.LearningRate) = (0.3, 1e-12));
        TrainingResult augmented = Fit(o => (o.Augmentation, o.ValidationShare, o.LearningRate) = (Strong(ReferenceView.AnotherView), 0.3, 1e-12));

        Assert.Equal(plain.Curve[^1].ValidationLoss!.Value, augmented.Curve[^1].ValidationLoss!.Value, 1e-6);
    }

    [Theory]
    [InlineData("flip", "Flip", "'left' tells where something is", "a cup left of a lamp")]
    [InlineData("crop", "Crop", "tells what is to be seen", "a dog runs")]
    [InlineData("cutout", "Cutout", "tells what is to be seen", "a dog runs")]
    [InlineData("translate", "TranslateX", "'behind' tells where something is", "a dog behind a car")]
    public void Fit_ChangeOfObjects_IsRefusedWithTheReasonUnlessAllowed(string change, string named, string reason, string text)
    {
        AugmentationOptions augmentation = change switch
        {
            "flip" => new() { FlipProbability = 0.5 },
            "crop" => new() { SmallestCrop = 0.5 },
            "cutout" => new() { Operations = [PictureOperation.Cutout] },
            _ => new() { Operations = [PictureOperation.Brightness, PictureOperation.TranslateX] },
        };
        PreferenceExample[] examples = [TinyModel.Example(text, "a cat") with { Origin = new() { Id = "p4" } }];

        // It is the options that are wrong, not the example: skipping would skip everything.
        DenseDpoOptions options = Options(o => (o.Augmentation, o.InvalidExamples, o.MaxSteps) = (augmentation, InvalidExamplePolicy.Skip, 1));
        var error = Assert.Throws<ArgumentException>(() => Fit(options, examples));
        augmentation.ObjectChanges = ObjectChanges.Allow;
        TrainingResult allowed = Fit(options, examples);

        Assert.All([named, reason, "example 0 (p4)", "Photometric", "Allow"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Single(allowed.Curve);
    }

    [Fact]
    public void Fit_ChangeOfObjectsWithoutPictures_IsNoProblem() => Assert.Single(Fit(
        Options(o => (o.Augmentation, o.MaxSteps) = (new AugmentationOptions { FlipProbability = 1 }, 1)),
        [new PreferenceExample { Prompt = "Where is left?", Chosen = "left", Rejected = "right" }]).Curve);

    [Fact]
    public void FitSupervised_ChangeOfObjects_IsRefusedToo()
    {
        var options = new SupervisedOptions { MaxSteps = 1, Augmentation = new() { FlipProbability = 1 } };
        InstructionExample[] examples = [InstructionExample.FromChosen(Examples[0])];
        using VisionLanguageModel model = _base.Clone();

        Assert.Throws<ArgumentException>(() => new SupervisedTrainer().Fit(model, examples, options, cancellation: TestContext.Current.CancellationToken));
        options.Augmentation = new();
        Assert.Single(new SupervisedTrainer().Fit(model, examples, options, cancellation: TestContext.Current.CancellationToken).Curve);
    }

    private static AugmentationOptions Strong(ReferenceView reference = ReferenceView.SameAsPolicy) =>
        new() { Probability = 1, OperationsPerPicture = 3, Level = 9, Reference = reference };

    private static DenseDpoOptions Options(Action<DenseDpoOptions> change)
    {
        var options = new DenseDpoOptions
        {
            BatchSize = 3,
            Epochs = 3,
            LearningRate = 1e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
            Gamma = 1,
            Normalize = false,
        };
        change(options);
        return options;
    }

    private TrainingResult Fit(Action<DenseDpoOptions> change, VisionLanguageModel? model = null)
    {
        using VisionLanguageModel own = _base.Clone();
        return new PreferenceTrainer().Fit(model ?? own, Examples, Options(change), cancellation: TestContext.Current.CancellationToken);
    }

    private TrainingResult Fit(DenseDpoOptions options, PreferenceExample[] examples)
    {
        using VisionLanguageModel model = _base.Clone();
        return new PreferenceTrainer().Fit(model, examples, options, cancellation: TestContext.Current.CancellationToken);
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
