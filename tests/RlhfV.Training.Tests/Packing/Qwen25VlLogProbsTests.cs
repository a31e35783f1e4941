using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Packing;

/// <summary>
/// Positions on three axes and pictures of different sizes: the packed pass and two rows per pair against one sequence at a time.
/// </summary>
public sealed class Qwen25VlLogProbsTests : IDisposable
{
    private readonly VisionLanguageModel _model = VisionLanguageModel.Load(GoldenData.Path("hf", "qwen25vl", "checkpoint"));
    private readonly EncodedPair[] _pairs;

    public Qwen25VlLogProbsTests()
    {
        PreferenceExample[] examples =
        [
            TinyModel.Example("a dog sits on the red mat", "a cat sits on the mat near a door"),
            TinyModel.Example("two cups", "three cups and a lamp", "b.png"),
            TinyModel.Example("No.", "Yes, there is a horse.", "e.png"),
            TinyModel.Example("nothing at all", "nothing") with { Image = null },
            TinyModel.Example("a lamp", "a boat", "b.png"),
        ];
        var encoder = new PreferenceEncoder(_model.Processor, 1000);
        _pairs = [.. examples.Select((example, i) => encoder.Encode(example, $"pair {i}"))];
        Assert.All(_pairs, pair => Assert.Equal(3, pair.Chosen.Positions!.Axes));
    }

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(PairLayout.Packed, false)]
    [InlineData(PairLayout.Packed, true)]
    [InlineData(PairLayout.TwoRows, false)]
    public void Compute_AnyLayout_GivesTheLogProbsOfTheDefinition(PairLayout layout, bool towerFrozen)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();

        (Tensor logProbs, PackedBatch batch) = Run(layout, towerFrozen);

        float[] actual = logProbs.data<float>().ToArray();
        for (int i = 0; i < _pairs.Length; i++)
        {
            Check(_pairs[i].Chosen, _pairs[i], row: i);
            Check(_pairs[i].Rejected, _pairs[i], row: _pairs.Length + i);
        }

        void Check(EncodedSequence sequence, EncodedPair pair, int row)
        {
            float[] expected = Definition(sequence, pair);
            Assert.Equal(sequence.ScoredTokens, expected.Length);
            for (int t = 0; t < batch.Columns; t++)
            {
                Assert.Equal(t < expected.Length ? expected[t] : 0, actual[row * batch.Columns + t], 5e-5);
            }
        }
    }

    private (Tensor LogProbs, PackedBatch Batch) Run(PairLayout layout, bool towerFrozen)
    {
        using var pictures = new PictureStore(_model.Network, towerFrozen);
        PackedBatch batch = new PairPacker(layout).Pack(_pairs);
        var tensors = new BatchTensors(batch, CPU, ScalarType.Float32);
        return (ResponseLogProbs.Compute(_model.Network, tensors, pictures.Project(batch.Pictures)), batch);
    }

    private float[] Definition(EncodedSequence sequence, EncodedPair pair)
    {
        VisionLanguageNetwork network = _model.Network;
        ProcessedImage[] images = [.. pair.Pictures.Select(picture => picture.Process())];
        Tensor ids = tensor(sequence.Ids.Select(id => (long)id).ToArray(), [1, sequence.Length]);
        Tensor? projected = images.Length == 0 ? null : network.ProjectImages(network.EncodeImages(images))[0];
        TokenPositions positions = _model.Processor.Locate!(sequence.Ids, images);
        Tensor places = tensor([.. Enumerable.Range(0, sequence.Length).SelectMany(t => positions[t].ToArray())], [1, sequence.Length, 3]);
        Tensor logProbs = nn.functional.log_softmax(network.Head(network.Decode(network.Embed(ids, projected), places)), -1)[0];   // [T, V]
        return
        [
            .. Enumerable.Range(0, sequence.Length)
                .Where(t => sequence.Roles[t] != TokenRole.Unscored)
                .Select(t => logProbs[t - 1, sequence.Ids[t]].item<float>()),
        ];
    }
}
