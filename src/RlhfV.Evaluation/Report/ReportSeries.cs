namespace RlhfV.Evaluation;

/// <summary>A curve in a report, such as the training loss over the steps.</summary>
/// <param name="Name">What the curve shows; used as the chart's title.</param>
/// <param name="Points">The points, ordered by step.</param>
public sealed record ReportSeries(string Name, IReadOnlyList<ReportPoint> Points)
{
    /// <summary>What the steps count.</summary>
    /// <value>The default is <c>step</c>.</value>
    public string StepName { get; init; } = "step";
}
