namespace RlhfV.Preferences;

/// <summary>How <see cref="SegmentDiff"/> compares and <see cref="TokenWeights"/> weighs.</summary>
public sealed record SegmentDiffOptions
{
    /// <summary>The released code's minimum.</summary>
    public const int DefaultMinimumMatch = 3;

    internal static SegmentDiffOptions Default { get; } = new();

    /// <summary>How shared stretches are found. The default is <see cref="SegmentDiffMode.Deterministic"/>.</summary>
    public SegmentDiffMode Mode { get; init; }

    /// <summary>
    /// A shared stretch of fewer items between two edits counts as edited, so that the edits become one segment. Items are tokens, or words
    /// and punctuation marks for texts. At least 1; the default is 3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MinimumMatch
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MinimumMatch));
            field = value;
        }
    }
    = DefaultMinimumMatch;

    /// <summary>
    /// What pure insertions and deletions weigh. The default is <see cref="OneSidedEdits.Unweighted"/>, the only value that goes with
    /// <see cref="SegmentDiffMode.ReferenceCompatible"/>.
    /// </summary>
    public OneSidedEdits OneSided { get; init; }

    internal void Validate(string parameter)
    {
        if (Mode == SegmentDiffMode.ReferenceCompatible && OneSided != OneSidedEdits.Unweighted)
        {
            throw new ArgumentException(
                $"{nameof(SegmentDiffMode.ReferenceCompatible)} leaves insertions and deletions unweighted, "
                + $"but {nameof(OneSided)} is {OneSided}. Use {nameof(SegmentDiffMode.Deterministic)} to weigh them.",
                parameter);
        }
    }
}
