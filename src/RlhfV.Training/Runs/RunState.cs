namespace RlhfV.Training.Runs;

/// <summary>What a checkpoint holds besides tensors.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="BestStep">Step with the lowest validation loss so far, or null.</param>
/// <param name="BestLoss">That loss.</param>
internal sealed record RunState(long Step, long? BestStep, double? BestLoss)
{
    /// <summary>Name of the file inside a checkpoint.</summary>
    public const string FileName = "state.json";
}
