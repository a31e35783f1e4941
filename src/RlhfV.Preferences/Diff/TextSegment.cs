namespace RlhfV.Preferences;

/// <summary>A place where two answers differ. One side may be empty, never both.</summary>
/// <param name="Rejected">The stretch of the rejected answer.</param>
/// <param name="Chosen">The stretch of the chosen answer that stands in its place.</param>
public readonly record struct TextSegment(TextSpan Rejected, TextSpan Chosen)
{
    /// <summary>True when both sides hold text; false for a pure insertion or deletion.</summary>
    public bool IsReplacement => !Rejected.IsEmpty && !Chosen.IsEmpty;
}
