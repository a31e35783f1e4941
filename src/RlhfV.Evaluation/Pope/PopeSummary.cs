using System.Globalization;

namespace RlhfV.Evaluation;

/// <summary>The text that the published scripts print.</summary>
public static class PopeSummary
{
    /// <summary>POPE's own: the table of counts and the five figures in full precision; absent figures as nan.</summary>
    /// <param name="metrics">The figures.</param>
    public static string Text(PopeMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return $"TP\tFP\tTN\tFN\t\n{metrics.TruePositives}\t{metrics.FalsePositives}\t{metrics.TrueNegatives}\t{metrics.FalseNegatives}\n" +
            $"Accuracy: {Full(metrics.Accuracy.Value)}\nPrecision: {Full(metrics.Precision.Value)}\n" +
            $"Recall: {Full(metrics.Recall.Value)}\n" +
            $"F1 score: {Full(metrics.F1.Value)}\nYes ratio: {Full(metrics.YesRatio.Value)}\n";
    }

    /// <summary>LLaVA's line: F1, accuracy, precision, recall and yes ratio with three decimals.</summary>
    /// <param name="metrics">The figures.</param>
    public static string Line(PopeMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        double[] figures =
            [metrics.F1.Value, metrics.Accuracy.Value, metrics.Precision.Value, metrics.Recall.Value, metrics.YesRatio.Value];
        return string.Join(", ", figures.Select(figure => ExactRounding.Fixed(figure, 3)));
    }

    /// <summary>The shortest digits that give the number back, with a decimal point, as scripts print floating-point numbers.</summary>
    private static string Full(double value)
    {
        string text = double.IsNaN(value) ? "nan" : value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.All(char.IsAsciiDigit) ? text + ".0" : text;
    }
}
