namespace RlhfV.ML;

/// <summary>What a fit that was cancelled gives.</summary>
public enum CancelledFit
{
    /// <summary>An <see cref="OperationCanceledException"/>. A run with a folder leaves a checkpoint that the next fit continues from.</summary>
    Throw,

    /// <summary>The transformer with the model as it is after the steps made so far; an exception when there was none.</summary>
    KeepModel,
}
