namespace RlhfV.Evaluation;

/// <summary>The range in which a figure lies with the confidence of <see cref="BootstrapOptions.Confidence"/>.</summary>
/// <param name="Lower">Lower bound; NaN when the figure itself is absent.</param>
/// <param name="Upper">Upper bound; NaN when the figure itself is absent.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper)
{
    /// <summary>The interval of a figure that is absent.</summary>
    public static ConfidenceInterval None { get; } = new(double.NaN, double.NaN);

    /// <summary>True when <paramref name="value"/> lies inside, bounds included.</summary>
    /// <param name="value">The value to look for.</param>
    public bool Contains(double value) => value >= Lower && value <= Upper;
}
