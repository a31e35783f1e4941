namespace RlhfV.Preferences;

/// <summary>How a correction ended.</summary>
public enum CorrectionOutcome
{
    /// <summary>The judge corrected the answer.</summary>
    Corrected,

    /// <summary>The judge found nothing wrong: there is no pair to learn from.</summary>
    NothingWrong,

    /// <summary>There was no usable verdict after all attempts.</summary>
    Failed,
}
