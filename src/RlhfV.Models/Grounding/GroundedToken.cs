using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Grounding;

/// <summary>A token of an answer, and how likely it was with and without the picture.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Span">Where it stands in the answer, in UTF-16 code units; empty for the token that ends the answer.</param>
/// <param name="LogProbability">Natural logarithm of its probability given the picture and everything before it; at most 0.</param>
/// <param name="BlankLogProbability">The same with the picture blanked; at most 0.</param>
public readonly record struct GroundedToken(int Id, TokenSpan Span, double LogProbability, double BlankLogProbability)
{
    /// <summary>By how much the picture speaks for the token, in nats: above 0 it made the token more likely, below 0 less.</summary>
    public double LogRatio => LogProbability - BlankLogProbability;
}
