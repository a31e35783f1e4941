namespace RlhfV.Evaluation;

/// <summary>Something that is or is not what a detector looks for, and the score the detector gave it.</summary>
/// <param name="Score">Higher means that the detector is surer; any finite number.</param>
/// <param name="IsPositive">True when it is what the detector looks for, for example a hallucinated segment.</param>
/// <param name="Group">
/// What it belongs to, for example the response that a segment stands in: items of one group are not independent and are resampled together.
/// Null when it stands for itself.
/// </param>
public readonly record struct RocItem(double Score, bool IsPositive, string? Group = null);
