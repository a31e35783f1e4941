using System.Globalization;

namespace RlhfV.Evaluation;

/// <summary>Figures by scene, by length or by any other property of the answers.</summary>
public static class Breakdown
{
    /// <summary>The group of answers for which the property is not known.</summary>
    public const string Unknown = "unknown";

    /// <summary>Groups by <see cref="ResponseAssessment.Scene"/>.</summary>
    public static Func<ResponseAssessment, string?> Scene { get; } = response => response.Scene;

    /// <summary>Groups by <see cref="ResponseAssessment.Source"/>.</summary>
    public static Func<ResponseAssessment, string?> Source { get; } = response => response.Source;

    /// <summary>Groups by the number of words of an answer.</summary>
    /// <param name="bounds">Ascending bounds: 20 and 40 make "under 20 words", "20 to 39 words" and "40 words or more".</param>
    /// <exception cref="ArgumentException">There is no bound, or they do not ascend from above zero.</exception>
    public static Func<ResponseAssessment, string?> Length(params int[] bounds)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        if (bounds.Length == 0 || bounds[0] < 1 || bounds.Zip(bounds.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException("Give bounds that ascend from above zero, for example 20 and 40.", nameof(bounds));
        }

        string[] names =
        [
            Name($"under {bounds[0]} words"),
            .. bounds.Zip(bounds.Skip(1), (from, to) => Name($"{from} to {to - 1} words")),
            Name($"{bounds[^1]} words or more"),
        ];
        return response => names[bounds.Count(bound => response.Words >= bound)];

        static string Name(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Computes the metrics of each group.</summary>
    /// <param name="responses">The answers.</param>
    /// <param name="key">The group of an answer, for example <see cref="Scene"/>; null puts it under <see cref="Unknown"/>.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <returns>Groups in the order of their first answer.</returns>
    public static IReadOnlyDictionary<string, HallucinationMetrics> Of(
        IEnumerable<ResponseAssessment> responses, Func<ResponseAssessment, string?> key, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(responses);
        ArgumentNullException.ThrowIfNull(key);
        return new OrderedDictionary<string, HallucinationMetrics>(
            responses.GroupBy(response => key(response) ?? Unknown)
                .Select(group => KeyValuePair.Create(group.Key, HallucinationMetrics.From(group, bootstrap))),
            StringComparer.Ordinal);
    }

    /// <summary>Compares two models in each group.</summary>
    /// <param name="baseline">Assessments of the model compared with; ids are unique.</param>
    /// <param name="candidate">Assessments of the other model on the same ids, in any order.</param>
    /// <param name="key">The group of an item, taken from the baseline's answer.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <returns>Groups in the order of their first item.</returns>
    /// <exception cref="ArgumentException">There is no item, an id occurs twice, or an id is missing on one side.</exception>
    public static IReadOnlyDictionary<string, PairedComparison> Compare(
        IReadOnlyList<ResponseAssessment> baseline, IReadOnlyList<ResponseAssessment> candidate, Func<ResponseAssessment, string?> key,
        BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new OrderedDictionary<string, PairedComparison>(
            ResponsePairs.Match(baseline, candidate).GroupBy(pair => key(pair.Baseline) ?? Unknown)
                .Select(group => KeyValuePair.Create(
                    group.Key, PairedComparison.Of([.. group.Select(p => p.Baseline)], [.. group.Select(p => p.Candidate)], bootstrap))),
            StringComparer.Ordinal);
    }
}
