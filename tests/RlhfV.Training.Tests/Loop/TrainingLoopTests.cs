using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Training.Examples;
using RlhfV.Training.Loop;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Loop;

public class TrainingLoopTests
{
    private static readonly EncodedPair[] Pairs = [.. Enumerable.Range(0, 6).Select(i =>
        TinyNetworks.Pair(i, chosen: 4 + i, rejected: 6 - (i % 3)))];

    [Fact]
    public void Run_OnePair_IsLearnedByHeart()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);

        TrainingResult result = Train(network, Options(o => (o.MaxSteps, o.LearningRate) = (30, 3e-3)), [TinyNetworks.Pair(1)]);

        Assert.Equal(Math.Log(2), result.Curve[0].Loss, 1e-5);
        Assert.True(result.Final.Loss < 0.1, $"loss {result.Final.Loss}");
        Assert.Equal(1, result.Final.RewardAccuracy);
        Assert.True(result.Final.RewardMargin > 2);
    }

    [Fact]
    public void Run_EqualSeeds_GiveEqualWeightsBitForBit()
    {
        using LlavaNetwork one = TinyNetworks.Llava(1), other = TinyNetworks.Llava(1), third = TinyNetworks.Llava(1);

        Train(one, Options());
        Train(other, Options());
        Train(third, Options(o => o.Seed = 8));

        Assert.Equal(TinyNetworks.Weights(one), TinyNetworks.Weights(other));
        Assert.NotEqual(TinyNetworks.Weights(one), TinyNetworks.Weights(third));
    }

    [Theory]
    [InlineData(PairLayout.Packed, 1)]
    [InlineData(PairLayout.Packed, 60)]
    [InlineData(PairLayout.TwoRows, 4096)]
    public void Run_OtherLayoutOrSmallerPasses_GivesTheSameTraining(PairLayout layout, int tokens)
    {
        using LlavaNetwork network = TinyNetworks.Llava(1), plain = TinyNetworks.Llava(1);

        TrainingResult result = Train(network, Options(o => (o.Layout, o.MicroBatchTokens) = (layout, tokens)));
        TrainingResult expected = Train(plain, Options());

        Assert.All(result.Curve.Zip(expected.Curve), pair =>
        {
            Assert.Equal(pair.Second.Loss, pair.First.Loss, 2e-5);
            Assert.Equal(pair.Second.GradientNorm, pair.First.GradientNorm, 1e-4 * pair.Second.GradientNorm);
        });
    }

    [Fact]
    public void Run_FrozenTower_KeepsItAndAgreesWithTheSlowWay()
    {
        using LlavaNetwork cached = TinyNetworks.Llava(1), slow = TinyNetworks.Llava(1);
        DenseDpoOptions options = Options(o => o.FrozenParts = [NetworkPart.VisionTower]);
        float[] tower = Part(cached, NetworkPart.VisionTower);
        float[] decoder = Part(cached, NetworkPart.Decoder);

        Train(cached, options);
        Run(slow, options, Pairs, towerFrozen: false);

        Assert.Equal(tower, Part(cached, NetworkPart.VisionTower));
        Assert.NotEqual(decoder, Part(cached, NetworkPart.Decoder));
        Assert.All(TinyNetworks.Weights(slow).Zip(TinyNetworks.Weights(cached)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Run_TrainedTower_Moves()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        float[] tower = Part(network, NetworkPart.VisionTower);

        Train(network, Options());

        Assert.NotEqual(tower, Part(network, NetworkPart.VisionTower));
    }

    [Fact]
    public void Run_Afterwards_ModelIsInEvaluationModeWithoutGradients()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);

        Train(network, Options(o => o.FrozenParts = [NetworkPart.VisionTower]));

        Assert.False(network.training);
        Assert.All(network.parameters(), p =>
        {
            Assert.Null(p.grad);
            Assert.True(p.requires_grad);
        });
    }

    [Fact]
    public void Run_ReportsEveryStep()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        var reports = new Recorder();

        TrainingResult result = Train(network, Options(), progress: reports);

        Assert.Equal(result.Curve, reports.Items);
        Assert.Equal([1L, 2, 3, 4], reports.Items.Select(r => r.Step));
        Assert.All(reports.Items, r => Assert.Equal(4, r.TotalSteps));
        Assert.Equal([0.5, 1, 1.5, 2], reports.Items.Select(r => r.Epoch));
        Assert.Equal(TimeSpan.Zero, reports.Items[^1].Remaining);
        Assert.All(reports.Items, r => Assert.True(r is { PairsPerSecond: > 0, TokensPerSecond: > 0, GradientNorm: > 0, WorkingSet: > 0 }));
        Assert.All(reports.Items, r => Assert.True(r is { ChosenLogProb: < 0, RejectedLogProb: < 0 }));
    }

    [Fact]
    public void Run_WeightsNotFinite_StopsWithTheIdsOfTheBatch()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        using (no_grad())
        {
            network.parameters().Last().copy_(full(network.parameters().Last().shape, float.NaN));
        }

        var error = Assert.Throws<NotFiniteNumberException>(() => Train(network, Options(), [TinyNetworks.Pair(3)]));

        Assert.Contains("pair 3", error.Message, StringComparison.Ordinal);
        Assert.False(network.training);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_Recomputation_GivesTheSameTraining(bool frozen)
    {
        using LlavaNetwork network = TinyNetworks.Llava(1), plain = TinyNetworks.Llava(1);
        DenseDpoOptions options = Options(o => o.FrozenParts = frozen ? [NetworkPart.VisionTower, NetworkPart.Connector] : []);

        TrainingResult expected = Train(plain, options);
        options.Recompute = true;
        TrainingResult result = Train(network, options);

        Assert.Equal(expected.Curve.Select(p => p.Loss), result.Curve.Select(p => p.Loss), (x, y) => Math.Abs(x - y) < 1e-5);
        Assert.All(TinyNetworks.Weights(plain).Zip(TinyNetworks.Weights(network)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void Run_Lora_LearnsAndChangesOnlyAdaptedWeights(double dropout)
    {
        using LlavaNetwork network = TinyNetworks.Llava(1), recomputed = TinyNetworks.Llava(1);
        Dictionary<string, float[]> before = ByName(network);
        DenseDpoOptions options = Options(o => (o.Lora, o.LearningRate, o.MaxSteps) =
            (new() { Rank = 4, Alpha = 8, Dropout = dropout, Targets = ["self_attn.q_proj", "down_proj"] }, 5e-3, 20));

        TrainingResult result = Train(network, options);
        options.Recompute = true;
        Train(recomputed, options);

        Assert.True(result.Final.Loss < result.Curve[0].Loss * 0.7, $"loss {result.Final.Loss}");
        IEnumerable<string> changed = ByName(network).Where(p => !p.Value.SequenceEqual(before[p.Key])).Select(p => p.Key);
        Assert.Equal(
            before.Keys.Where(name => name.StartsWith("language_model", StringComparison.Ordinal)).Where(IsAdapted), changed);
        Assert.All(
            TinyNetworks.Weights(network).Zip(TinyNetworks.Weights(recomputed)), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
        Assert.All(network.parameters(), p => Assert.True(p.requires_grad));

        static bool IsAdapted(string name) =>
            name.EndsWith("self_attn.q_proj.weight", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal);
    }

    [Fact]
    public void Run_HeldOutExamples_AreScoredAfterEveryEpochAndTheBestWeightsCanBeKept()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1), last = TinyNetworks.Llava(1);
        DenseDpoOptions options = Options(o => (o.ValidationShare, o.Epochs, o.LearningRate) = (0.3, 6, 0.02));

        TrainingResult plain = Train(last, options);
        options.Selection = WeightSelection.BestValidation;
        TrainingResult result = Train(network, options);

        TrainingProgress[] validated = [.. result.Curve.Where(p => p.ValidationLoss is not null)];
        Assert.Equal([2L, 4, 6, 8, 10, 12], validated.Select(p => p.Step));
        Assert.Equal(4, result.Pairs);
        Assert.Equal(validated.MinBy(p => p.ValidationLoss).Step, result.BestStep);
        Assert.True(result.BestStep < result.Steps, "The test needs a run that gets worse.");
        Assert.Null(plain.BestStep);
        Assert.Equal(plain.Curve.Select(p => p.Loss), result.Curve.Select(p => p.Loss));
        Assert.NotEqual(TinyNetworks.Weights(last), TinyNetworks.Weights(network));
    }

    [Fact]
    public void Run_Cancelled_StopsAndLeavesTheModelUsable()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        using var source = new CancellationTokenSource();
        var reports = new Recorder(r =>
        {
            if (r.Step == 2)
            {
                source.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() => Train(network, Options(), progress: reports, stop: source));

        Assert.Equal(2, reports.Items.Count);
        Assert.False(network.training);
        Assert.All(network.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void Run_Repeated_LeavesNoTensorBehind()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        Train(network, Options());
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Train(network, Options());

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static DenseDpoOptions Options(Action<DenseDpoOptions>? change = null)
    {
        var options = new DenseDpoOptions
        {
            BatchSize = 3,
            Epochs = 2,
            LearningRate = 1e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
            Seed = 7,
        };
        change?.Invoke(options);
        return options;
    }

    private static TrainingResult Train(
        LlavaNetwork network,
        DenseDpoOptions options,
        EncodedPair[]? pairs = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationTokenSource? stop = null) =>
        Run(network, options, pairs ?? Pairs, !options.TowerLearns, progress, stop);

    private static TrainingResult Run(
        LlavaNetwork network,
        DenseDpoOptions options,
        EncodedPair[] pairs,
        bool towerFrozen,
        IProgress<TrainingProgress>? progress = null,
        CancellationTokenSource? stop = null)
    {
        using var scope = NewDisposeScope();
        using var pictures = new PictureStore(network, towerFrozen);
        DenseDpoOptions settings = options.Checked();
        var task = new PreferenceTask(network, CPU, pairs, pictures, settings);
        CancellationToken token = stop?.Token ?? TestContext.Current.CancellationToken;
        return new TrainingLoop(network, task, settings, TimeProvider.System).Run(progress, token);
    }

    private static Dictionary<string, float[]> ByName(LlavaNetwork network) =>
        network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().contiguous().data<float>().ToArray());

    private static float[] Part(LlavaNetwork network, NetworkPart part) =>
        [.. network.named_parameters().Where(p => network.PartOf(p.name) == part).SelectMany(p =>
            p.parameter.detach().data<float>().ToArray())];

    private sealed class Recorder(Action<TrainingProgress>? then = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Items { get; } = [];

        public void Report(TrainingProgress value)
        {
            Items.Add(value);
            then?.Invoke(value);
        }
    }
}
