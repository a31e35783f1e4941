namespace RlhfV.Training.Planning;

/// <summary>Estimated memory of a run on the device that trains, in bytes, beside what the process and its libraries take.</summary>
public sealed record TrainingMemory
{
    /// <summary>The model's weights.</summary>
    public required long Weights { get; init; }

    /// <summary>Gradients of what learns.</summary>
    public required long Gradients { get; init; }

    /// <summary>AdamW's two moments in fp32, and the fp32 copy of weights that are narrower.</summary>
    public required long OptimizerStates { get; init; }

    /// <summary>What the largest pass keeps for its backward pass, vision tower included.</summary>
    public required long Activations { get; init; }

    /// <summary>Logits of answer tokens and their gradients.</summary>
    public required long Logits { get; init; }

    /// <summary>Kept features of a frozen vision tower.</summary>
    public required long PictureFeatures { get; init; }

    /// <summary>The best weights so far, where they are not kept on disk.</summary>
    public required long BestWeights { get; init; }

    /// <summary>The copy of the weights in bf16 that <see cref="ReferencePrecision.Released"/> takes, only before the first step.</summary>
    public required long ReferenceCopy { get; init; }

    /// <summary>The most that is held at once: by the steps, or by the reference pass before them.</summary>
    public long Total => Weights + PictureFeatures + Logits
        + Math.Max(ReferenceCopy, Gradients + OptimizerStates + Activations + BestWeights);
}
