namespace RlhfV.Extensions.AI;

/// <summary>How likely a token of an answer was.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Token">The token as the vocabulary writes it, for example with <c>▁</c> for the blank before a word.</param>
/// <param name="LogProbability">
/// Its natural log-probability, at most 0, given everything before it, under the model itself: temperature 1, no filter, no penalty.
/// </param>
public readonly record struct TokenLogProbability(int Id, string Token, double LogProbability);
