namespace RlhfV.Evaluation;

/// <summary>A ratio of two counts over a set of answers, with its confidence interval: a rate, a recall, or a mean per answer.</summary>
/// <param name="Numerator">What was counted, for example hallucinated mentions.</param>
/// <param name="Denominator">Out of how many, for example mentions checked; zero when nothing was measured.</param>
/// <param name="Interval">The confidence interval of <see cref="Value"/>.</param>
public readonly record struct RatioEstimate(long Numerator, long Denominator, ConfidenceInterval Interval)
{
    /// <summary>Numerator over denominator; NaN when the denominator is zero.</summary>
    public double Value => Denominator == 0 ? double.NaN : (double)Numerator / Denominator;

    /// <summary>The value and its interval without the counts.</summary>
    public Estimate ToEstimate() => new(Value, Interval);

    /// <summary>True when the denominator is above zero.</summary>
    public bool HasValue => Denominator != 0;
}
