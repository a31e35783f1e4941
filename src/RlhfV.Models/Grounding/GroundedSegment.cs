namespace RlhfV.Models.Grounding;

/// <summary>A stretch of an answer, from its first to its last word, and how far the picture supports it.</summary>
/// <param name="Start">Where it begins in the answer, in UTF-16 code units.</param>
/// <param name="Length">Its length in UTF-16 code units.</param>
/// <param name="Text">The stretch.</param>
/// <param name="Words">Number of words in it; at least 1.</param>
/// <param name="LogRatio">Sum of the words' log-ratios, in nats: how much more likely the picture makes the stretch as a whole.</param>
/// <param name="LogProbability">Sum of the words' log-probabilities given the picture.</param>
public sealed record GroundedSegment(int Start, int Length, string Text, int Words, double LogRatio, double LogProbability)
{
    /// <summary>Mean log-ratio of the words: comparable between stretches of different length.</summary>
    public double MeanLogRatio => LogRatio / Words;

    /// <summary>Mean log-probability of the words given the picture.</summary>
    public double MeanLogProbability => LogProbability / Words;
}
