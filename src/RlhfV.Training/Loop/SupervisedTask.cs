using RlhfV.Models;
using RlhfV.Training.Examples;
using RlhfV.Training.Objectives;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>Learning to imitate answers: the mean negative log-likelihood of a step's answer tokens.</summary>
internal sealed class SupervisedTask(
    VisionLanguageNetwork network,
    Device device,
    IReadOnlyList<EncodedInstruction> instructions,
    PictureStore pictures,
    SupervisedOptions options) : TrainingTask
{
    private readonly ExampleViews<EncodedInstruction> _views = new(instructions, options, (instruction, see) => instruction.See(see));

    public override int Count => instructions.Count;

    public override string DataHash { get; } = DataHasher.Of(instructions);

    public override IEnumerable<TrainingPass> Passes(int[] items, long? epoch)
    {
        EncodedInstruction[] chosen = [.. items.Select(i => _views.At(i, epoch))];
        long tokens = chosen.Sum(instruction => (long)instruction.Sequence.ScoredTokens);
        foreach (IReadOnlyList<EncodedInstruction> some in MicroBatches.Cut(chosen, one => one.Sequence.Length, options.MicroBatchTokens))
        {
            PackedBatch batch = RowPacker.Pack(some);
            yield return new TrainingPass(batch, statistics => Loss(batch, tokens, statistics));
        }
    }

    /// <summary>Every token's share is one over the whole step's tokens, so that the passes add up to the mean.</summary>
    private Tensor Loss(PackedBatch batch, long tokensOfStep, StepStatistics statistics)
    {
        var tensors = new BatchTensors(batch, device, network.parameters().First().dtype);
        Tensor logProbs = ResponseLogProbs.Compute(network, tensors, pictures.Project(batch.Pictures));     // [B, R]
        Tensor loss = SftObjective.Loss(logProbs, tensors.Scored, tokensOfStep);
        statistics.Add(logProbs, tensors.Scored);
        return loss;
    }
}
