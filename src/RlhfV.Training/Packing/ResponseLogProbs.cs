using RlhfV.Models;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Packing;

/// <summary>Log-probabilities of answers under a network: one decoder pass, the output head over scored tokens only.</summary>
public static class ResponseLogProbs
{
    /// <summary>Runs the network over a batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch's tensors.</param>
    /// <param name="projected">Projected picture features in the order of the rows, <c>[.., hidden]</c>, or null without pictures.</param>
    /// <returns>Log-probability of every scored token, fp32, <c>[S, R]</c>; 0 where the table holds none.</returns>
    public static Tensor Compute(VisionLanguageNetwork network, BatchTensors batch, Tensor? projected)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        Tensor logProbs = Gather(Logits(network, batch, projected), batch.PredictorOf, batch.Targets);  // [S * R]
        return (logProbs.view(batch.Scored.shape) * batch.Scored).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the network over a batch up to the output head.</summary>
    /// <returns>Logits where the next token is scored, in the network's type, <c>[U, vocabulary]</c>.</returns>
    internal static Tensor Logits(VisionLanguageNetwork network, BatchTensors batch, Tensor? projected)
    {
        using var scope = NewDisposeScope();
        Tensor embeddings = network.Embed(batch.Ids, projected);                                    // [B, T, hidden]
        Tensor hidden = network.Decode(embeddings, batch.Positions, batch.Mask);                    // [B, T, hidden]
        Tensor wanted = hidden.flatten(0, 1).index_select(0, batch.Predictors);                     // [U, hidden]
        return network.Head(wanted).MoveToOuterDisposeScope();
    }

    /// <summary>Log-softmax in fp32 at chosen places: the token's logit minus the row's log-sum-exp.</summary>
    /// <param name="logits">Logits, <c>[U, vocabulary]</c>.</param>
    /// <param name="rows">Row of each token, <c>[n]</c>, int64.</param>
    /// <param name="targets">Id of each token, <c>[n]</c>, int64.</param>
    /// <returns>Log-probabilities, <c>[n]</c>, fp32.</returns>
    public static Tensor Gather(Tensor logits, Tensor rows, Tensor targets)
    {
        using var scope = NewDisposeScope();
        Tensor wide = logits.to(ScalarType.Float32);
        Tensor places = (rows * tensor(wide.shape[1], device: rows.device)).Plus(targets);     // [n] in [U * vocabulary]
        Tensor chosen = wide.flatten().index_select(0, places);
        return (chosen - wide.logsumexp(-1).index_select(0, rows)).MoveToOuterDisposeScope();
    }
}
