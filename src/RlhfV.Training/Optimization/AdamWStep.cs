namespace RlhfV.Training.Optimization;

/// <summary>The numbers of one AdamW step.</summary>
/// <param name="Beta1">Decay of the mean.</param>
/// <param name="Beta2">Decay of the mean of squares.</param>
/// <param name="Epsilon">Added to the root of the latter.</param>
/// <param name="GradientScale">Factor on the gradients.</param>
/// <param name="Keep">Factor on the parameters: 1 minus learning rate times weight decay.</param>
/// <param name="Size">Learning rate over the bias correction of the mean.</param>
/// <param name="VarianceCorrection">Root of the bias correction of the mean of squares.</param>
internal readonly record struct AdamWStep(
    double Beta1, double Beta2, double Epsilon, double GradientScale, double Keep, double Size, double VarianceCorrection);
