namespace RlhfV.Training;

/// <summary>Which weights a run leaves in the model.</summary>
public enum WeightSelection
{
    /// <summary>Those of the last step.</summary>
    Last,

    /// <summary>Those of the epoch whose loss on the held-out examples was lowest.</summary>
    BestValidation,
}
