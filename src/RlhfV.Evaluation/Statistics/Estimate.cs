namespace RlhfV.Evaluation;

/// <summary>A figure with its confidence interval.</summary>
/// <param name="Value">The figure; NaN when the data do not define it.</param>
/// <param name="Interval">Its confidence interval.</param>
public readonly record struct Estimate(double Value, ConfidenceInterval Interval)
{
    /// <summary>True when the data define the figure.</summary>
    public bool HasValue => !double.IsNaN(Value);
}
