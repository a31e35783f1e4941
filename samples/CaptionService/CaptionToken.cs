using RlhfV.Extensions.AI;

namespace CaptionService;

/// <summary>A token of an answer.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Probability">How likely the model found it, above 0, at most 1. Low ones are worth a second look.</param>
internal sealed record CaptionToken(string Text, double Probability)
{
    // Vocabularies write the blank before a word as a letter of its own: sentence-piece ones and byte-level ones.
    public static CaptionToken Of(TokenLogProbability token) =>
        new(token.Token.Replace('▁', ' ').Replace('Ġ', ' '), Math.Exp(token.LogProbability));
}
