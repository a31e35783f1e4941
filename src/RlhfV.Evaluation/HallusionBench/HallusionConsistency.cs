namespace RlhfV.Evaluation;

/// <summary>How answers about the same picture agree with each other.</summary>
/// <param name="Correct">Pictures about which every answer is correct.</param>
/// <param name="Inconsistent">Pictures about which some answers are correct: the model guesses.</param>
/// <param name="Wrong">Pictures about which no answer is correct.</param>
/// <param name="Score">Mean over the pictures of the share of correct answers, 0 to 1; NaN without pictures.</param>
public readonly record struct HallusionConsistency(int Correct, int Inconsistent, int Wrong, double Score)
{
    /// <summary>All pictures.</summary>
    public int Total => Correct + Inconsistent + Wrong;
}
