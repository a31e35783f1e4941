using System.Globalization;

namespace RlhfV.Evaluation;

/// <summary>How numbers read in a report, the same in every culture.</summary>
internal static class ReportFormat
{
    private const string Absent = "n/a";

    public static string Percent(double share) => Number(share * 100, "0.0", "%");

    /// <summary>A relative change with its sign: -40.4%.</summary>
    public static string SignedPercent(double share) => Number(share * 100, "+0.0;\u22120.0;0.0", "%");

    /// <summary>A difference of two percentages with its sign: -0.7 points.</summary>
    public static string Points(double share) => Number(share * 100, "+0.0;\u22120.0;0.0", " points");

    public static string Mean(double value) => Number(value, "0.0");

    public static string Fine(double value) => Number(value, "0.00");

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string PValue(double p) => p < 0.001 ? "p < 0.001" : Number(p, "'p = '0.000");

    public static string Interval(ConfidenceInterval interval, Func<double, string> format) =>
        double.IsNaN(interval.Lower) ? "" : $"{format(interval.Lower)} to {format(interval.Upper)}";

    public static string Confidence(BootstrapOptions options) =>
        (options.Confidence * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    public static string Date(DateTimeOffset time) =>
        time.ToString(time.Offset == TimeSpan.Zero ? "d MMMM yyyy, HH:mm 'UTC'" : "d MMMM yyyy, HH:mm 'UTC'zzz", CultureInfo.InvariantCulture);

    private static string Number(double value, string format, string unit = "") =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) + unit : Absent;
}
