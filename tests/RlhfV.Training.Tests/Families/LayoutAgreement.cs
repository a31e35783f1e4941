using RlhfV.Models;
using RlhfV.Training.Examples;
using RlhfV.Training.Objectives;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Families;

/// <summary>Holds packed pairs against the plain two rows.</summary>
internal static class LayoutAgreement
{
    /// <summary>Loss and every gradient are those of the plain layout within float noise.</summary>
    public static void Check(VisionLanguageNetwork network, IReadOnlyList<EncodedPair> pairs)
    {
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
        {
            parameter.requires_grad = true;
        }

        (double packed, Dictionary<string, float[]> packedGradients) = Learn(network, pairs, PairLayout.Packed);
        (double rows, Dictionary<string, float[]> rowsGradients) = Learn(network, pairs, PairLayout.TwoRows);

        Assert.Equal(rows, packed, 2e-5);
        Assert.Equal(rowsGradients.Keys, packedGradients.Keys);
        Assert.True(rowsGradients.Count > network.parameters().Count() / 2);
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
