namespace RlhfV.Evaluation;

/// <summary>A figure of a benchmark that a report shows beside its own.</summary>
/// <param name="Benchmark">
/// The benchmark, for example <c>Object HalBench (words, Strict)</c>; figures of one benchmark stand together.
/// </param>
/// <param name="Name">What the figure is.</param>
/// <param name="Base">The base model's figure.</param>
/// <param name="Aligned">The aligned model's figure.</param>
public sealed record ReportFigure(string Benchmark, string Name, Estimate Base, Estimate Aligned)
{
    /// <summary>True for a share, shown in percent; false for a number such as a score, shown with two decimals.</summary>
    /// <value>The default is true.</value>
    public bool IsShare { get; init; } = true;
}
