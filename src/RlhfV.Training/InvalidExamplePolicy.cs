namespace RlhfV.Training;

/// <summary>What happens to an example that cannot be trained on.</summary>
public enum InvalidExamplePolicy
{
    /// <summary>The run does not start; the exception names the example.</summary>
    Refuse,

    /// <summary>The example is left out and listed in the result.</summary>
    Skip,

    /// <summary>
    /// What can be computed is trained on, as the released code does, and counted in <see cref="TrainingResult.Diagnostics"/>; the rest is
    /// refused: an unreadable picture, an empty answer, a limit inside a picture. A row longer than <see cref="TrainingOptions.MaxTokens"/> is cut there. A pair that teaches nothing, because no token of its
    /// answers is left or both are equal, keeps its place in the batch: it adds log 2 to the loss of which the mean is taken, and no gradient.
    /// Only for pairs; without <see cref="DenseDpoOptions.Normalize"/>, for the mean over no token is not a number.
    /// </summary>
    Keep,
}
