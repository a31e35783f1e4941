namespace RlhfV.Training;

/// <summary>Where the reference's log-probabilities come from.</summary>
public enum ReferenceSource
{
    /// <summary>From the model as it is before the first step.</summary>
    Computed,

    /// <summary>
    /// From the examples (<see cref="Preferences.PreferenceExample.ReferenceLogProbs"/>), which saves the pass before the first step. They
    /// must be of this model: their number is compared with every example's tokens, and the shortest example is computed and compared.
    /// </summary>
    Stored,
}
