namespace RlhfV.Training.Augmentation;

/// <summary>Which view of an augmented picture the reference log-probabilities are of.</summary>
public enum ReferenceView
{
    /// <summary>The view that the policy sees in the same step, so that a reward compares like with like. Computed once for each view.</summary>
    SameAsPolicy,

    /// <summary>
    /// Another random view, one per picture, whatever the policy sees later: what the released code does. Part of every reward is then the
    /// difference between two views.
    /// </summary>
    AnotherView,
}
