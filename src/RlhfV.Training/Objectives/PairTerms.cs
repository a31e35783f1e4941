using static TorchSharp.torch;

namespace RlhfV.Training.Objectives;

/// <summary>What an objective says about each pair of a batch.</summary>
/// <param name="Losses">Loss, <c>[pairs]</c>, differentiable.</param>
/// <param name="ChosenRewards">beta times (policy score minus reference score) of the chosen answers, <c>[pairs]</c>.</param>
/// <param name="RejectedRewards">The same of the rejected answers.</param>
public readonly record struct PairTerms(Tensor Losses, Tensor ChosenRewards, Tensor RejectedRewards);
