using System.Text.Json;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Lora;
using RlhfV.Training.Optimization;

namespace RlhfV.Training.Tests;

/// <summary>From examples to an aligned model.</summary>
public sealed class PreferenceTrainerFitTests : IDisposable
{
    private static readonly PreferenceExample[] Examples =
    [
        TinyModel.Example("a dog sits on the mat", "a cat sits on the mat"),
        TinyModel.Example("two red cups stand on the table", "three red cups stand on the table", "b.png"),
        TinyModel.Example("a man walks left of the car", "a man walks right of the car and a dog", "e.png"),
        TinyModel.Example("the lamp is blue", "the lamp is green"),
    ];

    private readonly VisionLanguageModel _base = VisionLanguageModel.Load(TinyModel.Folder);

    public void Dispose() => _base.Dispose();

    [Fact]
    public void Fit_Clone_LearnsTheCorrectionsAndLeavesTheBaseAlone()
    {
        using VisionLanguageModel policy = _base.Clone();
        float[] before = TinyNetworks.Weights(_base.Network);

        TrainingResult result = Fit(policy, Options());

        Assert.Equal(Math.Log(2), result.Curve[0].Loss, 1e-5);
        Assert.True(result.Final.Loss < 0.3, $"loss {result.Final.Loss}");
        Assert.Equal(1, result.Final.RewardAccuracy);
        Assert.Equal(4, result.Pairs);
        Assert.Equal(before, TinyNetworks.Weights(_base.Network));
        Assert.NotEqual(before, TinyNetworks.Weights(policy.Network));
    }

    [Fact]
    public void Fit_Twice_GivesEqualWeightsAndDoesNotTouchTheOptions()
    {
        using VisionLanguageModel one = _base.Clone(), other = _base.Clone();
        DenseDpoOptions options = Options();

        Fit(one, options);
        Fit(other, options);

        Assert.Equal(TinyNetworks.Weights(one.Network), TinyNetworks.Weights(other.Network));
        Assert.Equal([NetworkPart.VisionTower], options.FrozenParts);
    }

    [Fact]
    public void Fit_ModelThatWasSavedAndLoaded_AnswersAsTheTrainedOne()
    {
        using VisionLanguageModel policy = _base.Clone();
        Fit(policy, Options());
        string folder = Path.Combine(Path.GetTempPath(), $"rlhfv-{Guid.NewGuid():N}");
        try
        {
            policy.Save(folder);
            using var loaded = VisionLanguageModel.Load(folder);

            Assert.Equal(TinyNetworks.Weights(policy.Network), TinyNetworks.Weights(loaded.Network));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Fit_BadExampleSkipped_IsListedInTheResult()
    {
        using VisionLanguageModel policy = _base.Clone();
        PreferenceExample bad = TinyModel.Example("same", "same");

        TrainingResult result = new PreferenceTrainer().Fit(
            policy,
            [.. Examples, bad],
            Options(o => o.InvalidExamples = InvalidExamplePolicy.Skip),
            cancellation: TestContext.Current.CancellationToken);

        Assert.Equal("example 4", Assert.Single(result.Skipped).Id);
        Assert.Equal(4, result.Pairs);
    }

    [Fact]
    public void Fit_NoExample_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new PreferenceTrainer().Fit(_base, [], Options(), cancellation: TestContext.Current.CancellationToken));

        Assert.Equal("examples", error.ParamName);
    }

    [Fact]
    public void Fit_WrongOptions_AreRefusedBeforeAnyExampleIsRead()
    {
        PreferenceExample unreadable = TinyModel.Example("a", "b", "no such picture.png");

        var error = Assert.Throws<ArgumentException>(() => new PreferenceTrainer().Fit(
            _base, [unreadable], Options(o => o.Beta = -1), cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("Beta", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OptionsAndNetworkBothWrong_TellsAllMistakesAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => Fit(_base, Options(o =>
        {
            o.Beta = -1;
            o.HeldStill = ["nosuch"];
            o.MaxTokens = 1_000_000;
        })));

        Assert.All(["Beta", "nosuch", "MaxTokens"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_NullExample_IsRefusedByItsPlace()
    {
        var error = Assert.Throws<ArgumentException>(() => new PreferenceTrainer().Fit(
            _base, [Examples[0], null!], Options(), cancellation: TestContext.Current.CancellationToken));

        Assert.StartsWith("Example 1 is null", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_BadExample_IsToldOnceAndWithoutInnerParameters()
    {
        var error = Assert.Throws<ArgumentException>(() => new PreferenceTrainer().Fit(
            _base, [Examples[0], TinyModel.Example("same", "same")], Options(), cancellation: TestContext.Current.CancellationToken));

        Assert.Equal("examples", error.ParamName);
        Assert.DoesNotContain("'example'", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => Fit(_base, Options(o => o.MaxTokens = 8)));
        Assert.StartsWith("Example 0 cannot be trained on: it takes ", error.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidExamples = Skip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_Adapters_NameTheModelTheyWereLearnedFor()
    {
        using var folder = new TemporaryFolder();
        using VisionLanguageModel policy = VisionLanguageModel.Load(TinyModel.Folder);
        DenseDpoOptions options = Options(o => (o.FrozenParts, o.Lora, o.Epochs, o.RunFolder) = ([], new() { Rank = 2 }, 1, folder.File("run")));

        new PreferenceTrainer { AdapterFolder = folder.File("adapter") }.Fit(policy, Examples, options, cancellation: TestContext.Current.CancellationToken);

        foreach (string adapter in new[] { folder.File("adapter"), Path.Combine(folder.File("run"), "adapter") })
        {
            using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(adapter, "adapter_config.json")));
            Assert.Equal(Path.GetFullPath(TinyModel.Folder), config.RootElement.GetProperty("base_model_name_or_path").GetString());
        }
    }

    [Fact]
    public void Fit_AdapterFolderWithoutLora_SaysThatNothingWasWritten()
    {
        using var folder = new TemporaryFolder();
        using VisionLanguageModel policy = _base.Clone();

        TrainingResult result = new PreferenceTrainer { AdapterFolder = folder.File("adapter") }
            .Fit(policy, Examples, Options(o => o.Epochs = 1), cancellation: TestContext.Current.CancellationToken);

        Assert.Contains(result.Diagnostics, sentence => sentence.StartsWith("No adapter was written", StringComparison.Ordinal));
        Assert.False(Directory.Exists(folder.File("adapter")));
    }

    [Fact]
    public void Fit_AdapterFolderThatCannotBeWritten_IsRefusedBeforeAnyExampleIsRead()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("taken"), "a file");
        PreferenceExample unreadable = TinyModel.Example("a", "b", "no such picture.png");
        DenseDpoOptions options = Options(o => (o.FrozenParts, o.Lora) = ([], new() { Rank = 2 }));
        CancellationToken token = TestContext.Current.CancellationToken;

        var error = Assert.Throws<IOException>(() =>
            new PreferenceTrainer { AdapterFolder = folder.File("taken") }.Fit(_base, [unreadable], options, cancellation: token));

        Assert.Contains("taken", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            new PreferenceTrainer { AdapterFolder = " " }.Fit(_base, Examples, options, cancellation: token));
    }

    [Fact]
    public void AttachedAdapters_FitSaveAndClone_AreRefusedAsTheyWouldLeaveThemOut()
    {
        using VisionLanguageModel policy = _base.Clone();
        using var folder = new TemporaryFolder();
        using LoraAdapters adapters = LoraAdapters.Attach(policy.Network, new LoraOptions { Rank = 2 }, seed: 1);

        Assert.Contains("Merge", Assert.Throws<ArgumentException>(() => Fit(policy, Options())).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => policy.Save(folder.File("model")));
        Assert.Throws<InvalidOperationException>(() => policy.Clone());

        adapters.Merge();
        policy.Save(folder.File("model"));
        policy.Clone().Dispose();
    }

    [Fact]
    public void Fit_WeightsThatCannotBeStored_AreRefusedBeforeTheRun()
    {
        using var folder = new TemporaryFolder();
        using VisionLanguageModel policy = _base.Clone(TorchSharp.torch.ScalarType.Float64);

        var error = Assert.Throws<ArgumentException>(() => Fit(policy, Options(o => o.RunFolder = folder.File("run"))));

        Assert.Contains("Float64", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("run")));
    }

    [Fact]
    public void Fit_GradientWhoseSquareOverflows_StopsWithTheExamples()
    {
        using VisionLanguageModel policy = _base.Clone();

        var error = Assert.Throws<NotFiniteNumberException>(() => Fit(policy, Options(o => (o.MaxGradientNorm, o.Beta) = (null, 1e30))));

        Assert.Contains("MaxGradientNorm", error.Message, StringComparison.Ordinal);
        Assert.Contains("example ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Fit(policy, Options(o => (o.MaxGradientNorm, o.Beta, o.MaxSteps) = (1, 1e30, 1))).Steps);
    }

    [Fact]
    public void Fit_ModelInTraining_IsRefusedAndFreeAfterwards()
    {
        using VisionLanguageModel policy = _base.Clone();
        using VisionLanguageModel handle = policy.AddReference();
        var inside = new List<Exception?>();

        TrainingResult result = new PreferenceTrainer().Fit(
            policy,
            Examples,
            Options(o => o.MaxSteps = 2),
            new Reentering(() => inside.Add(Record.Exception(() => Fit(handle, Options())))),
            TestContext.Current.CancellationToken);

        Assert.Equal(2, result.Steps);
        Assert.Equal(2, inside.Count);
        Assert.All(inside, error => Assert.IsType<InvalidOperationException>(error));
        Assert.Equal(1, Fit(handle, Options(o => o.MaxSteps = 1)).Steps);
    }

    [Fact]
    public void Fit_OnlyStepIsWarmup_SaysThatNothingChanged()
    {
        using VisionLanguageModel policy = _base.Clone();

        TrainingResult silent = Fit(policy, Options(o => o.MaxSteps = 1));
        TrainingResult told = Fit(policy, Options(o => (o.MaxSteps, o.WarmupRatio) = (1, 0.1)));

        Assert.Empty(silent.Diagnostics);
        Assert.Contains("WarmupRatio", Assert.Single(told.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NothingToHoldOut_SaysSo()
    {
        using VisionLanguageModel policy = _base.Clone();

        TrainingResult result = new PreferenceTrainer().Fit(
            policy, [Examples[0]], Options(o => o.ValidationShare = 0.5), cancellation: TestContext.Current.CancellationToken);

        Assert.Contains("held out", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    private static TrainingResult Fit(VisionLanguageModel policy, DenseDpoOptions options) =>
        new PreferenceTrainer().Fit(policy, Examples, options, cancellation: TestContext.Current.CancellationToken);

    private static DenseDpoOptions Options(Action<DenseDpoOptions>? change = null)
    {
        var options = new DenseDpoOptions
        {
            BatchSize = 2,
            Epochs = 8,
            LearningRate = 1e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
            FrozenParts = [NetworkPart.VisionTower],
        };
        change?.Invoke(options);
        return options;
    }

    private sealed class Reentering(Action again) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => again();
    }
}
