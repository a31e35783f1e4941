namespace RlhfV.Evaluation;

/// <summary>Correct ones of all.</summary>
/// <param name="Correct">How many are correct.</param>
/// <param name="Total">How many there are.</param>
public readonly record struct HallusionAccuracy(int Correct, int Total)
{
    /// <summary>Correct / total; NaN when there is none.</summary>
    public double Value => (double)Correct / Total;

    /// <summary>In percent with four decimals, as the published script prints it.</summary>
    public double Printed => ExactRounding.Round(100 * Value, 4);
}
