namespace RlhfV.Training.Optimization;

/// <summary>The numbers of AdamW that do not change during a run.</summary>
/// <param name="Beta1">Decay of the mean of gradients.</param>
/// <param name="Beta2">Decay of the mean of squared gradients.</param>
/// <param name="Epsilon">Added to the root of the latter.</param>
public readonly record struct AdamWOptions(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8);
