namespace RlhfV.Training.Optimization;

/// <summary>How the learning rate moves after warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls to zero on a line.</summary>
    Linear,

    /// <summary>It falls to zero on half a cosine.</summary>
    Cosine,
}
