namespace RlhfV.Preferences;

/// <summary>A stretch of a token list: <paramref name="Start"/> and <paramref name="Length"/> in tokens, both zero or more.</summary>
/// <param name="Start">Index of the first token.</param>
/// <param name="Length">Number of tokens; zero marks a place between two tokens.</param>
public readonly record struct TokenSpan(int Start, int Length)
{
    /// <summary>Index behind the last token.</summary>
    public int End => Start + Length;

    /// <summary>True when the span holds no token.</summary>
    public bool IsEmpty => Length == 0;
}
