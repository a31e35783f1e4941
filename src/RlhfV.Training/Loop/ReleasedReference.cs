using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Training.Examples;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>
/// Reference log-probabilities as the released code computes them (thunlp/Muffin, <c>muffin/eval/muffin_inference_logp.py</c>): weights and
/// arithmetic in bf16, pictures rounded to fp16 first, log-softmax, sum and mean in bf16.
/// </summary>
/// <remarks>
/// Every row passes the network alone and without padding, as there. In bf16 other company in a batch, or a beginning that both answers
/// share, changes digits that count.
/// </remarks>
/// <param name="network">The network in bf16, without low-rank corrections.</param>
/// <param name="device">Where it lives.</param>
internal sealed class ReleasedReference(VisionLanguageNetwork network, Device device) : IDisposable
{
    private readonly PictureStore _pictures = new(network, towerFrozen: false);

    /// <summary>The log-probabilities of a pair; call it without gradients.</summary>
    public ReferenceTable.Row Of(EncodedPair pair)
    {
        using var scope = NewDisposeScope();
        Tensor? projected = _pictures.Project([.. pair.Pictures.Select(Rounded)]);                 // [image tokens, hidden], bf16
        (float[] chosen, float chosenSum, float chosenMean) = Answer(pair, pair.Chosen, projected);
        (float[] rejected, float rejectedSum, float rejectedMean) = Answer(pair, pair.Rejected, projected);
        return new(chosen, rejected) { Scores = new(chosenSum, chosenMean, rejectedSum, rejectedMean) };
    }

    /// <inheritdoc/>
    public void Dispose() => _pictures.Dispose();

    private (float[] Tokens, float Sum, float Mean) Answer(EncodedPair pair, EncodedSequence sequence, Tensor? projected)
    {
        if (sequence.ScoredTokens == 0)
        {
            return ([], 0, float.NaN);
        }

        using var scope = NewDisposeScope();
        var batch = new BatchTensors(RowPacker.Pack([new(pair.Id, sequence, pair.Pictures)]), device, ScalarType.BFloat16);
        Tensor all = ResponseLogProbs.Logits(network, batch, projected).log_softmax(-1);           // [R, vocabulary]
        Tensor tokens = all.gather(1, batch.Targets.unsqueeze(-1)).squeeze(-1);                    // [R], each token has a predictor of its own
        Tensor sum = tokens.sum();

        // Dividing by a count of integers, PyTorch rounds the count to bf16 as well.
        Tensor mean = sum / tensor(sequence.ScoredTokens, device: device).to(ScalarType.BFloat16);
        return (Floats(tokens), Floats(sum)[0], Floats(mean)[0]);
    }

    private static float[] Floats(Tensor values)
    {
        using Tensor wide = values.to(ScalarType.Float32).cpu();
        return wide.data<float>().ToArray();
    }

    private static ExamplePicture Rounded(ExamplePicture picture) => new(picture.Key, () =>
    {
        ProcessedImage image = picture.Process();
        return image with { Values = [.. image.Values.Select(value => (float)(Half)value)] };
    });
}
