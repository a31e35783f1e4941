using System.Globalization;

namespace RlhfV.Evaluation;

/// <summary>The lines that the published scripts print.</summary>
public static class MmHalSummary
{
    /// <summary>Mean rating, two decimals.</summary>
    /// <param name="result">The result to print.</param>
    public static string Average(MmHalResult result) => $"Average score: {ExactRounding.Fixed(Metrics(result).AverageScore.Value, 2)}";

    /// <summary>Hallucination rate; the benchmark's script prints two decimals, RLHF-V's three.</summary>
    /// <param name="result">The result to print.</param>
    /// <param name="decimals">How many decimals.</param>
    public static string Rate(MmHalResult result, int decimals = 2) =>
        $"Hallucination rate: {ExactRounding.Fixed(Metrics(result).HallucinationRate.Value, decimals)}";

    /// <summary>Informativeness from 0 to 100, two decimals.</summary>
    /// <param name="result">The result to print.</param>
    public static string Informativeness(MmHalResult result) =>
        $"Informativeness: {ExactRounding.Fixed(Metrics(result).Informativeness.Value * 100, 2)}";

    /// <summary>Mean ratings of the types in their order, rounded to two decimals; absent with fewer than 96 answers.</summary>
    /// <param name="result">The result to print.</param>
    public static string ByType(MmHalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string means = result.ByType is null
            ? "n/a" : string.Join(',', MmHalBench.TypeNames.Select(type => Short(ExactRounding.Round(result.ByType[type], 2))));
        return $"Average score for each question type: {means}";
    }

    private static MmHalMetrics Metrics(MmHalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Metrics;
    }

    private static string Short(double value) => value.ToString("0.0#", CultureInfo.InvariantCulture);
}
