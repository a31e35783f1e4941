using RlhfV.Training.Packing;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>One pass of the network over some items of a step.</summary>
/// <param name="Batch">The items as they are laid out.</param>
/// <param name="Loss">Runs the network: adds to the statistics and gives the pass's share of the step's loss.</param>
internal sealed record TrainingPass(PackedBatch Batch, Func<StepStatistics, Tensor> Loss);
