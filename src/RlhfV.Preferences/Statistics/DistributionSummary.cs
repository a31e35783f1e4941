namespace RlhfV.Preferences;

/// <summary>A distribution in a few numbers. All are NaN when there are no values.</summary>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Standard deviation of the values themselves (divisor n).</param>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Median">Middle value, or the mean of the two middle ones.</param>
/// <param name="Maximum">Largest value.</param>
public readonly record struct DistributionSummary(double Mean, double StandardDeviation, double Minimum, double Median, double Maximum)
{
    internal static DistributionSummary Of(List<int> values)
    {
        if (values.Count == 0)
            return new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        int[] sorted = [.. values.Order()];
        double mean = sorted.Average();
        double variance = sorted.Average(value => (value - mean) * (value - mean));
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
        return new(mean, Math.Sqrt(variance), sorted[0], median, sorted[^1]);
    }
}
