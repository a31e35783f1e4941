namespace RlhfV.Preferences;

/// <summary>What a pure insertion or deletion weighs.</summary>
public enum OneSidedEdits
{
    /// <summary>
    /// Nothing extra, as in the released code: a correction that only deletes a made-up phrase is invisible to the loss weights.
    /// </summary>
    Unweighted,

    /// <summary>The inserted or deleted tokens are weighted.</summary>
    Weighted,

    /// <summary>
    /// As <see cref="Weighted"/>, and on the side where nothing stands also the token before and the token behind the place.
    /// </summary>
    WeightedWithNeighbours,
}
