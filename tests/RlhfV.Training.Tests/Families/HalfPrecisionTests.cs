using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Lora;
using RlhfV.Training.Optimization;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Families;

/// <summary>Training with weights in bf16 and an fp32 master copy, the form of graphics cards, here on the processor.</summary>
public sealed class HalfPrecisionTests : IDisposable
{
    private static readonly VisionLanguageModelOptions Half = new() { ComputeType = ScalarType.BFloat16 };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => TinyFamilies.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OnePair_IsLearnedByHeart(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder, Half);

        TrainingResult result = Fit(model, family, Options());

        Assert.Equal(Math.Log(2), result.Curve[0].Loss, 0.02);
        Assert.True(result.Final.Loss < 0.2, $"loss {result.Final.Loss}");
        Assert.All(model.Network.parameters(), parameter => Assert.Equal(ScalarType.BFloat16, parameter.dtype));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ThreePairs_FollowsTheRunInFullPrecision(string family)
    {
        using VisionLanguageModel half = TinyFamilies.Load(family, _folder, Half), whole = TinyFamilies.Load(family, _folder);
        DenseDpoOptions options = Options(o => (o.BatchSize, o.MaxSteps, o.LearningRate) = (3, 10, 2e-4));

        TrainingResult rounded = Fit(half, family, options, pairs: 3), exact = Fit(whole, family, options, pairs: 3);

        // The first steps lag: from a weight that bf16 holds exactly, a step below half its spacing shows only together with the next ones.
        Assert.Equal(1, rounded.Curve[0].GradientNorm / exact.Curve[0].GradientNorm, 0.1);
        Assert.Equal(exact.Final.Loss, rounded.Final.Loss, 0.05);
        Assert.True(exact.Final.Loss < 0.5, $"loss {exact.Final.Loss}");
    }

    [Theory]
    [InlineData("llava", true)]
    [InlineData("llava", false)]
    [InlineData("qwen25vl", false)]
    public void Fit_StoppedAndContinued_EqualsARunThatNeverStopped(string family, bool lora)
    {
        using VisionLanguageModel whole = TinyFamilies.Load(family, _folder, Half), parts = TinyFamilies.Load(family, _folder, Half);
        float[] start = Weights(whole);
        Fit(whole, family, Resumable(null), pairs: 3);

        Assert.Throws<OperationCanceledException>(() => Fit(parts, family, Resumable("run"), pairs: 3, stopAfter: 3));
        using VisionLanguageModel again = TinyFamilies.Load(family, _folder, Half);
        TrainingResult result = Fit(again, family, Resumable("run"), pairs: 3);

        Assert.Equal(6, result.Steps);
        Assert.NotEqual(start, Weights(whole));
        Assert.Equal(Weights(whole), Weights(again));

        DenseDpoOptions Resumable(string? name) => Options(o =>
        {
            (o.BatchSize, o.MaxSteps, o.LearningRate, o.Recompute) = (2, 6, lora ? 1e-2 : 3e-4, true);
            (o.FrozenParts, o.Lora) = ([NetworkPart.VisionTower], lora ? new LoraOptions { Rank = 4, Dropout = 0.1 } : null);
            o.RunFolder = name is null ? null : _folder.File(name);
        });
    }

    [Fact]
    public void Fit_StepsBelowTheSpacingOfTheWeights_AddUpInTheMasterCopy()
    {
        using VisionLanguageModel model = TinyFamilies.Load("llava", _folder, Half);
        float[] start = Weights(model);

        // A step moves a weight by the learning rate at most. One such step rounds to nothing in nearly all weights; forty of them do not.
        Fit(model, "llava", Options(o => (o.MaxSteps, o.LearningRate) = (1, 2e-5)));
        double one = Moved(start, Weights(model));
        using VisionLanguageModel longer = TinyFamilies.Load("llava", _folder, Half);
        Fit(longer, "llava", Options(o => (o.MaxSteps, o.LearningRate) = (40, 2e-5)));
        double forty = Moved(start, Weights(longer));

        Assert.InRange(one, 0, 0.2);
        Assert.True(forty > 3 * one && forty > 0.3, $"{one:P1} of the weights moved in one step, {forty:P1} in forty");
    }

    [Fact]
    public void Fit_Instructions_LowersTheLoss()
    {
        using VisionLanguageModel model = TinyFamilies.Load("llava", _folder, Half);
        var options = new SupervisedOptions
        {
            MaxSteps = 40,
            BatchSize = 1,
            LearningRate = 3e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
        };

        TrainingResult result = new SupervisedTrainer().Fit(
            model, [InstructionExample.FromChosen(TinyFamilies.Examples("llava")[0])], options, cancellation: TestContext.Current.CancellationToken);

        Assert.True(result.Final.Loss < 0.3 * result.Curve[0].Loss, $"loss {result.Curve[0].Loss} to {result.Final.Loss}");
    }

    private static TrainingResult Fit(VisionLanguageModel model, string family, DenseDpoOptions options, int pairs = 1, int? stopAfter = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var progress = new Immediate(step =>
        {
            if (step.Step == stopAfter)
            {
                stop.Cancel();
            }
        });
        return new PreferenceTrainer().Fit(model, TinyFamilies.Examples(family)[..pairs], options, progress, stop.Token);
    }

    private static DenseDpoOptions Options(Action<DenseDpoOptions>? change = null)
    {
        var options = new DenseDpoOptions
        {
            MaxSteps = 40,
            BatchSize = 1,
            LearningRate = 1e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
        };
        change?.Invoke(options);
        return options;
    }

    private static float[] Weights(VisionLanguageModel model)
    {
        using var scope = NewDisposeScope();
        return [.. model.Network.parameters().SelectMany(p => p.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray())];
    }

    private static double Moved(float[] before, float[] after) => before.Zip(after).Count(pair => pair.First != pair.Second) / (double)before.Length;

    private sealed class Immediate(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
