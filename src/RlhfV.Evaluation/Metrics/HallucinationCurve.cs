namespace RlhfV.Evaluation;

/// <summary>
/// How hallucinations spread over the responses that have any (RLHF-V, figure 4): hallucinated responses by falling number of segments, and
/// the share of all segments that the first ones hold.
/// </summary>
public sealed class HallucinationCurve
{
    private HallucinationCurve(IReadOnlyList<ReportPoint> points) => Points = points;

    /// <summary>
    /// For each hallucinated response the share of such responses up to it (step) and the share of segments they hold (value), both 0 to 1;
    /// empty when nothing is hallucinated.
    /// </summary>
    public IReadOnlyList<ReportPoint> Points { get; }

    /// <summary>Computes the curve.</summary>
    /// <param name="responses">Assessed answers; those without a hallucinated segment do not count.</param>
    public static HallucinationCurve Of(IEnumerable<ResponseAssessment> responses)
    {
        ArgumentNullException.ThrowIfNull(responses);
        int[] counts = [.. responses.Select(response => response.Segments.Count).Where(count => count > 0).OrderDescending()];
        int total = counts.Sum();
        int sum = 0;
        return new([.. counts.Select((count, i) => new ReportPoint((i + 1.0) / counts.Length, (double)(sum += count) / total))]);
    }

    /// <summary>The smallest share of hallucinated responses that holds so large a share of the segments.</summary>
    /// <param name="segmentShare">Share of segments, above 0 up to 1, for example 0.75.</param>
    /// <returns>The share; null when nothing is hallucinated.</returns>
    public double? ResponseShareFor(double segmentShare)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(segmentShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segmentShare, 1);
        return Points.Count == 0 ? null : Points.First(point => point.Value >= segmentShare - 1e-12).Step;
    }
}
