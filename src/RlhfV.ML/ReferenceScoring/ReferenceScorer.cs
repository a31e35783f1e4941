using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Packing;
using static TorchSharp.torch;

namespace RlhfV.ML.ReferenceScoring;

/// <summary>Computes the log-probabilities that a model gives to the answers of pairs.</summary>
/// <param name="model">The model; borrowed.</param>
internal sealed class ReferenceScorer(VisionLanguageModel model)
{
    private readonly PairPacker _packer = new(PairLayout.Packed);

    /// <summary>Encodes pairs for this model.</summary>
    public PreferenceEncoder Encoder { get; } = new(model.Processor, model.Network.DecoderConfig.MaxPositions);

    /// <summary>Scores pairs in one pass of the network.</summary>
    /// <param name="pairs">The pairs, at least one.</param>
    /// <param name="pixels">Their preprocessed pictures by key.</param>
    public IReadOnlyList<ReferenceLogProbs> Score(IReadOnlyList<EncodedPair> pairs, IReadOnlyDictionary<string, ProcessedImage> pixels)
    {
        // Disposed meanwhile by somebody else, the transformer lets the batch end.
        using VisionLanguageModel held = model.AddReference();
        using IDisposable mode = inference_mode();
        using var scope = NewDisposeScope();
        VisionLanguageNetwork network = held.Network;
        PackedBatch batch = _packer.Pack(pairs);
        var tensors = new BatchTensors(batch, held.Device, network.parameters().First().dtype);
        Tensor table = ResponseLogProbs.Compute(network, tensors, Project(network, batch.Pictures, pixels)).cpu();    // [2P, R]
        float[] values = table.data<float>().ToArray();
        int columns = (int)table.shape[1];
        return
        [
            .. pairs.Select((pair, i) => Result(
                Row(pair.Chosen, values.AsSpan(i * columns)), pair.Chosen.ScoredTokens,
                Row(pair.Rejected, values.AsSpan((pairs.Count + i) * columns)), pair.Rejected.ScoredTokens)),
        ];
    }

    private Tensor? Project(
        VisionLanguageNetwork network, IReadOnlyList<ExamplePicture> pictures, IReadOnlyDictionary<string, ProcessedImage> pixels)
    {
        if (pictures.Count == 0)
            return null;
        string[] keys = [.. pictures.Select(picture => picture.Key).Distinct()];
        IReadOnlyList<Tensor> features = network.ProjectImages(network.EncodeImages([.. keys.Select(key => pixels[key])]));
        Dictionary<string, Tensor> projected = keys.Zip(features).ToDictionary(pair => pair.First, pair => pair.Second);
        return cat([.. pictures.Select(picture => projected[picture.Key])], 0);                                       // [image tokens, hidden]
    }

    /// <summary>
    /// One value per token of the row but the first, which nothing predicts. Tokens of the prompt count for nothing and are 0; the reference
    /// writes the log-probability of token 0 there, which its readers mask.
    /// </summary>
    private static double[] Row(EncodedSequence sequence, ReadOnlySpan<float> scored)
    {
        double[] row = new double[sequence.Length - 1];
        int next = 0;
        for (int t = 1; t < sequence.Length; t++)
        {
            if (sequence.Roles[t] != TokenRole.Unscored)
                row[t - 1] = scored[next++];
        }

        return row;
    }

    private static ReferenceLogProbs Result(double[] chosen, int chosenTokens, double[] rejected, int rejectedTokens) => new()
    {
        ChosenSum = chosen.Sum(),
        ChosenMean = chosen.Sum() / chosenTokens,
        ChosenPerToken = chosen,
        RejectedSum = rejected.Sum(),
        RejectedMean = rejected.Sum() / rejectedTokens,
        RejectedPerToken = rejected,
    };
}
