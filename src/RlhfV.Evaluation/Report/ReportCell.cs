namespace RlhfV.Evaluation;

/// <summary>A figure, its interval and the counts behind it, as texts.</summary>
internal sealed record ReportCell(string Value, string Interval, string Counts)
{
    public static ReportCell Of(RatioEstimate ratio, Func<double, string> format) => new(
        format(ratio.Value), ReportFormat.Interval(ratio.Interval, format),
        ratio.HasValue ? $"{ReportFormat.Count(ratio.Numerator)} of {ReportFormat.Count(ratio.Denominator)}" : "not measured");
}
