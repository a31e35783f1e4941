namespace RlhfV.Training.Optimization;

/// <summary>How the optimizer treats some of the parameters.</summary>
/// <param name="WeightDecay">Decoupled weight decay.</param>
/// <param name="LearningRateScale">
/// Factor on the learning rate; 0 holds the parameters still while their gradients still count in the norm.
/// </param>
public readonly record struct ParameterGroup(double WeightDecay, double LearningRateScale = 1);
