using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Objectives;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Families;

/// <summary>What training promises holds for each family of models.</summary>
public sealed class EveryFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => TinyFamilies.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OnePair_IsLearnedByHeart(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        var options = new DenseDpoOptions
        {
            MaxSteps = 40,
            BatchSize = 1,
            LearningRate = 1e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
        };

        TrainingResult result = new PreferenceTrainer().Fit(
            model, [TinyFamilies.Examples(family)[0]], options, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Math.Log(2), result.Curve[0].Loss, 1e-5);
        Assert.True(result.Final.Loss < 0.2, $"loss {result.Final.Loss}");
        Assert.Equal(1, result.Final.RewardAccuracy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OneAnswer_IsLearnedByHeart(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        var options = new SupervisedOptions
        {
            MaxSteps = 40,
            BatchSize = 1,
            LearningRate = 3e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
        };

        TrainingResult result = new SupervisedTrainer().Fit(
            model, [InstructionExample.FromChosen(TinyFamilies.Examples(family)[0])], options, cancellation: TestContext.Current.CancellationToken);

        Assert.True(result.Final.Loss < 0.3 * result.Curve[0].Loss, $"loss {result.Curve[0].Loss} to {result.Final.Loss}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pack_AgainstTwoRows_LossesAndGradientsAgree(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        var encoder = new PreferenceEncoder(model.Processor, model.Network.DecoderConfig.MaxPositions);
        IReadOnlyList<EncodedPair> pairs = encoder.Encode(
            TinyFamilies.Examples(family), InvalidExamplePolicy.Refuse, cancellation: TestContext.Current.CancellationToken).Items;
        foreach (TorchSharp.Modules.Parameter parameter in model.Network.parameters())
        {
            parameter.requires_grad = true;
        }

        (double packed, Dictionary<string, float[]> packedGradients) = Learn(model.Network, pairs, PairLayout.Packed);
        (double rows, Dictionary<string, float[]> rowsGradients) = Learn(model.Network, pairs, PairLayout.TwoRows);

        Assert.Equal(rows, packed, 2e-5);
        Assert.Equal(rowsGradients.Keys, packedGradients.Keys);
        Assert.True(rowsGradients.Count > model.Network.parameters().Count() / 2);
        Assert.All(rowsGradients, expected =>
        {
            double scale = Math.Max(1e-3, expected.Value.Max(Math.Abs));
            Assert.All(
                expected.Value.Zip(packedGradients[expected.Key]),
                pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-3 * scale, $"{expected.Key}: {pair}, largest {scale}"));
        });
    }

    private static (double Loss, Dictionary<string, float[]> Gradients) Learn(
        VisionLanguageNetwork network, IReadOnlyList<EncodedPair> pairs, PairLayout layout)
    {
        using var scope = NewDisposeScope();
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
        {
            parameter.grad = null;
        }

        using var pictures = new PictureStore(network, towerFrozen: false);
        PackedBatch batch = new PairPacker(layout).Pack(pairs);
        var tensors = new BatchTensors(batch, CPU, ScalarType.Float32);
        Tensor logProbs = ResponseLogProbs.Compute(network, tensors, pictures.Project(batch.Pictures));
        var objective = new DenseDpoObjective(0.5, 5, true);
        Tensor scores = objective.Score(logProbs, objective.TokenWeights(tensors.Scored, tensors.Changed));
        Tensor loss = objective.Compare(scores, zeros_like(scores)).Losses.mean();
        loss.backward();
        return (loss.item<float>(), network.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(
            p => p.name, p => p.parameter.grad!.contiguous().data<float>().ToArray()));
    }
}
