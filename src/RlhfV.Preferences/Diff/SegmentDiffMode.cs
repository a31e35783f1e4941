namespace RlhfV.Preferences;

/// <summary>How <see cref="SegmentDiff"/> finds what two answers share.</summary>
public enum SegmentDiffMode
{
    /// <summary>
    /// The two answers alone decide. Their common beginning and end are always shared; what lies between is matched by the released code's
    /// algorithm without its popularity rule. Exchanging the answers exchanges the sides of the result.
    /// </summary>
    Deterministic,

    /// <summary>
    /// Exactly the released RLHF-V code (thunlp/Muffin, <c>utils/diff_lib.py</c> over Python's <c>difflib</c>), popularity rule included.
    /// It was applied to whole padded rows, so give it the rows that it was given: with other neighbours the same answers weigh
    /// differently.
    /// </summary>
    ReferenceCompatible,
}
