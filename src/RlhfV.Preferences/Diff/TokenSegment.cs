namespace RlhfV.Preferences;

/// <summary>A place where two token lists differ. One side may be empty, never both.</summary>
/// <param name="Rejected">The tokens of the rejected answer.</param>
/// <param name="Chosen">The tokens of the chosen answer that stand in their place.</param>
public readonly record struct TokenSegment(TokenSpan Rejected, TokenSpan Chosen)
{
    /// <summary>True when both sides hold tokens; false for a pure insertion or deletion.</summary>
    public bool IsReplacement => !Rejected.IsEmpty && !Chosen.IsEmpty;
}
