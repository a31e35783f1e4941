namespace RlhfV.Models.Generation;

/// <summary>An answer that beam search follows or has finished.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="LogProbs">Log-probability of each of them under the model itself.</param>
/// <param name="Score">Sum of their processed log-probabilities; once finished, with the length penalty.</param>
/// <param name="Row">The sequence in the decoder that holds all tokens but the last.</param>
internal sealed record Beam(IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbs, double Score, int Row);
