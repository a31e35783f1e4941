namespace RlhfV.Training;

/// <summary>
/// Options of supervised fine-tuning, which teaches a model to answer as the examples do. A new object holds the numbers with which
/// LLaVA-1.5 was instruction-tuned (arXiv 2310.03744): learning rate 2e-5, one epoch of batches of 128, 3 % warm-up, cosine.
/// </summary>
public sealed class SupervisedOptions : TrainingOptions
{
    /// <summary>Makes options with the defaults of instruction tuning.</summary>
    public SupervisedOptions() => (LearningRate, Epochs, BatchSize, WarmupRatio) = (2e-5, 1, 128, 0.03);

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    public SupervisedOptions Checked() => (SupervisedOptions)CheckedCopy();
}
