namespace RlhfV.Preferences;

/// <summary>The weight of every token of two answers in the dense loss.</summary>
/// <param name="Rejected">One weight per token of the rejected answer: gamma in corrected stretches, else 1.</param>
/// <param name="Chosen">One weight per token of the chosen answer, likewise.</param>
public sealed record PairWeights(float[] Rejected, float[] Chosen);
