namespace RlhfV.Models.Tokenization;

/// <summary>Where a token lies in the text that was encoded, in UTF-16 code units of that text (before any normalisation).</summary>
/// <param name="Start">Index of the first unit, zero or more.</param>
/// <param name="Length">
/// Number of units; zero for a token that stands for nothing in the text (an added beginning of sentence, the blank that Llama puts before
/// a text). Tokens that are parts of one character all carry that character's span.
/// </param>
public readonly record struct TokenSpan(int Start, int Length)
{
    /// <summary>Index behind the last unit.</summary>
    public int End => Start + Length;
}
