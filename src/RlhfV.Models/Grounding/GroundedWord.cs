namespace RlhfV.Models.Grounding;

/// <summary>A word of an answer, and how likely it was with and without the picture.</summary>
/// <param name="Start">Where it begins in the answer, in UTF-16 code units.</param>
/// <param name="Length">Its length in UTF-16 code units.</param>
/// <param name="Text">The word.</param>
/// <param name="LogProbability">Natural logarithm of its probability given the picture and everything before it: the sum over its tokens.</param>
/// <param name="BlankLogProbability">The same with the picture blanked.</param>
public sealed record GroundedWord(int Start, int Length, string Text, double LogProbability, double BlankLogProbability)
{
    /// <summary>By how much the picture speaks for the word, in nats: above 0 it made the word more likely, below 0 less.</summary>
    public double LogRatio => LogProbability - BlankLogProbability;

    internal int End => Start + Length;
}
