using RlhfV.Models;
using RlhfV.Training.Examples;
using RlhfV.Training.Objectives;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Packing;

/// <summary>
/// The packed pass against two rows per pair, and both against the definition: one sequence at a time, logits everywhere.
/// </summary>
public class ResponseLogProbsTests
{
    private static readonly EncodedPair[] Pairs =
    [
        TinyNetworks.Pair(1),
        TinyNetworks.Pair(2, prompt: 3, shared: 0, chosen: 9, rejected: 2),
        TinyNetworks.Pair(3, prompt: 8, shared: 12, chosen: 1, rejected: 1, withPicture: false),
        TinyNetworks.Pair(4, pictures: 2),
        TinyNetworks.Pair(1, prompt: 2),
    ];

    [Theory]
    [InlineData(PairLayout.Packed)]
    [InlineData(PairLayout.TwoRows)]
    public void Compute_AnyLayout_GivesTheLogProbsOfTheDefinition(PairLayout layout)
    {
        using var network = TinyNetworks.Llava(1);
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();

        (Tensor logProbs, PackedBatch batch) = Run(network, layout);

        float[] actual = logProbs.data<float>().ToArray();
        for (int i = 0; i < Pairs.Length; i++)
        {
            Check(Pairs[i].Chosen, Pairs[i], row: i);
            Check(Pairs[i].Rejected, Pairs[i], row: Pairs.Length + i);
        }

        void Check(EncodedSequence sequence, EncodedPair pair, int row)
        {
            float[] expected = Definition(network, sequence, pair);
            Assert.Equal(sequence.ScoredTokens, expected.Length);
            for (int t = 0; t < batch.Columns; t++)
            {
                Assert.Equal(t < expected.Length ? expected[t] : 0, actual[row * batch.Columns + t], 2e-5);
            }
        }
    }

    [Fact]
    public void Compute_PackedAgainstTwoRows_LossesAndGradientsAgree()
    {
        (float packed, float[] packedGradients) = Train(PairLayout.Packed);
        (float rows, float[] rowsGradients) = Train(PairLayout.TwoRows);

        Assert.Equal(rows, packed, 1e-5);
        Assert.Equal(rowsGradients.Length, packedGradients.Length);
        Assert.True(rowsGradients.Max(Math.Abs) > 0.01);
        Assert.All(rowsGradients.Zip(packedGradients), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
    }

    [Fact]
    public void Compute_LeavesNoTensorBehind()
    {
        using var network = TinyNetworks.Llava(1);
        RunOnce();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        RunOnce();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void RunOnce()
        {
            using var scope = NewDisposeScope();
            Run(network, PairLayout.Packed);
        }
    }

    private static (Tensor LogProbs, PackedBatch Batch) Run(VisionLanguageNetwork network, PairLayout layout)
    {
        using var pictures = new PictureStore(network, towerFrozen: false);
        PackedBatch batch = new PairPacker(layout).Pack(Pairs);
        var tensors = new BatchTensors(batch, CPU, ScalarType.Float32);
        return (ResponseLogProbs.Compute(network, tensors, pictures.Project(batch.Pictures)), batch);
    }

    private static (float Loss, float[] Gradients) Train(PairLayout layout)
    {
        using var network = TinyNetworks.Llava(1);
        using var scope = NewDisposeScope();
        (Tensor logProbs, PackedBatch batch) = Run(network, layout);
        var tensors = new BatchTensors(batch, CPU, ScalarType.Float32);
        var objective = new DenseDpoObjective(0.5, 5, true);
        Tensor scores = objective.Score(logProbs, objective.TokenWeights(tensors.Scored, tensors.Changed));
        Tensor loss = objective.Compare(scores, zeros_like(scores)).Losses.mean();
        loss.backward();
        IEnumerable<Tensor> gradients = network.parameters().Select(p => p.grad).OfType<Tensor>();
        return (loss.item<float>(), [.. gradients.SelectMany(g => g.contiguous().data<float>().ToArray())]);
    }

    private static float[] Definition(VisionLanguageNetwork network, EncodedSequence sequence, EncodedPair pair)
    {
        Tensor ids = tensor(sequence.Ids.Select(id => (long)id).ToArray(), [1, sequence.Length]);
        Tensor? projected = pair.Pictures.Count == 0
            ? null
            : cat([.. network.ProjectImages(network.EncodeImages([.. pair.Pictures.Select(picture => picture.Process())]))], 0);
        Tensor hidden = network.Decode(network.Embed(ids, projected), arange(sequence.Length).unsqueeze(0));
        Tensor logProbs = nn.functional.log_softmax(network.Head(hidden), -1)[0];                   // [T, V]
        return
        [
            .. Enumerable.Range(0, sequence.Length)
                .Where(t => sequence.Roles[t] != TokenRole.Unscored)
                .Select(t => logProbs[t - 1, sequence.Ids[t]].item<float>()),
        ];
    }
}
