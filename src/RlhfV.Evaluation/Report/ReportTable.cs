using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>The table of figures, from which the HTML page and the Markdown are both made.</summary>
internal static class ReportTable
{
    /// <summary>Groups of rows in reading order: heading and rows.</summary>
    public static IEnumerable<(string Heading, IReadOnlyList<ReportRow> Rows)> Groups(HallucinationReport report)
    {
        yield return ("Hallucination", Overall(report));
        yield return ("Responses with a hallucination, by type", ByType(report));
        if (report.ByScene.Count > 0)
        {
            yield return ("Responses with a hallucination, by scene", Groups(report.ByScene, report.Base.Metrics.Bootstrap.Confidence));
        }

        yield return ("Responses with a hallucination, by their own length", ByLength(report));
        yield return ("Informativeness", Informativeness(report));
        foreach (IGrouping<string, ReportFigure> benchmark in report.Options.Benchmarks.GroupBy(figure => figure.Benchmark))
        {
            yield return (benchmark.Key, [.. benchmark.Select(Benchmark)]);
        }
    }

    private static ReportRow[] Overall(HallucinationReport report)
    {
        HallucinationMetrics before = report.Base.Metrics, after = report.Aligned.Metrics;
        PairedComparison paired = report.Comparison;
        return
        [
            Share("Response level", "Responses with at least one hallucinated segment, of all responses.", before.ResponseRate,
                after.ResponseRate) with
            {
                Change = ReportFormat.SignedPercent(-paired.ResponseRateReduction.Value),
                ChangeInterval = paired.ResponseRateReduction.HasValue ? Reduction(paired.ResponseRateReduction) : "",
            },
            Share("Mention level", "Hallucinated mentions, of all mentions checked.", before.MentionRate, after.MentionRate) with
            {
                Change = ReportFormat.SignedPercent(-paired.MentionRateReduction.Value),
                ChangeInterval = paired.MentionRateReduction.HasValue ? Reduction(paired.MentionRateReduction) : "",
            },
            Mean(
                "Segments per response", "Hallucinated segments in a response, on average.", ReportFormat.Fine,
                before.SegmentsPerResponse, after.SegmentsPerResponse) with
            {
                Change = ReportFormat.SignedPercent(-paired.SegmentsPerResponseReduction.Value),
                ChangeInterval = paired.SegmentsPerResponseReduction.HasValue ? Reduction(paired.SegmentsPerResponseReduction) : "",
            },
        ];
    }

    private static ReportRow[] ByType(HallucinationReport report) =>
    [
        .. report.Comparison.Types.Select(paired => Share(
            Capitalized(paired.Type.Code), $"Responses with at least one segment of the type {paired.Type.Code}, of all responses.",
            Rate(report.Base, paired.Type), Rate(report.Aligned, paired.Type)) with
        {
            Change = ReportFormat.SignedPercent(-paired.ResponseRateReduction.Value),
            ChangeInterval = paired.ResponseRateReduction.HasValue ? Reduction(paired.ResponseRateReduction) : "",
        }),
    ];

    private static ReportRow[] Groups(IReadOnlyDictionary<string, PairedComparison> groups, double confidence) =>
    [
        .. groups.Select(group => new ReportRow
        {
            Figure = Capitalized(group.Key),
            Meaning = $"Responses with at least one hallucinated segment, of the {group.Value.Items} of this group.",
            Base = Cell(group.Value.BothHallucinate + group.Value.OnlyBaselineHallucinates, group.Value.Items, confidence),
            Aligned = Cell(group.Value.BothHallucinate + group.Value.OnlyCandidateHallucinates, group.Value.Items, confidence),
            Change = ReportFormat.SignedPercent(-group.Value.ResponseRateReduction.Value),
            ChangeInterval = group.Value.ResponseRateReduction.HasValue ? Reduction(group.Value.ResponseRateReduction) : "",
        }),
    ];

    private static ReportRow[] ByLength(HallucinationReport report) =>
    [
        .. LengthGroups.Of(report).Select(group => Share(
            Capitalized(group.Name), "Responses with at least one hallucinated segment, of those of this length.", group.Base,
            group.Aligned)),
    ];

    /// <summary>A share of few items: the closed form holds where resampling a handful does not.</summary>
    private static ReportCell Cell(int count, int items, double confidence) =>
        ReportCell.Of(new(count, items, Wilson.Interval(count, items, confidence)), ReportFormat.Percent);

    private static ReportRow[] Informativeness(HallucinationReport report)
    {
        HallucinationMetrics before = report.Base.Metrics, after = report.Aligned.Metrics;
        Estimate recall = report.Comparison.RecallChange;
        return
        [
            Share("Object recall", "Objects named, of all objects in the pictures.", before.Recall, after.Recall) with
            {
                Change = ReportFormat.Points(recall.Value),
                ChangeInterval = recall.HasValue ? ReportFormat.Interval(recall.Interval, ReportFormat.Points) : "",
            },
            Mean("Words per response", "Length of a response, on average.", ReportFormat.Mean, before.Words, after.Words) with
            {
                ChangeInterval = ReportFormat.Interval(report.Comparison.WordsPerResponseChange.Interval, ReportFormat.SignedPercent),
            },
            Empty(before, after),
        ];
    }

    /// <summary>Whoever says nothing hallucinates nothing: such answers improve every rate above.</summary>
    private static ReportRow Empty(HallucinationMetrics before, HallucinationMetrics after)
    {
        RatioEstimate from = Rate(before), to = Rate(after);
        return Share("Empty responses", "Responses without any word, of all responses.", from, to) with
        {
            Change = ReportFormat.Points(to.Value - from.Value),
        };

        static RatioEstimate Rate(HallucinationMetrics metrics) => new(
            metrics.EmptyResponses, metrics.Responses,
            Wilson.Interval(metrics.EmptyResponses, metrics.Responses, metrics.Bootstrap.Confidence));
    }

    private static ReportRow Benchmark(ReportFigure figure)
    {
        Func<double, string> format = figure.IsShare ? ReportFormat.Percent : ReportFormat.Fine;
        return new()
        {
            Figure = figure.Name,
            Meaning = figure.Benchmark,
            Base = Cell(figure.Base),
            Aligned = Cell(figure.Aligned),
            Change = ReportFormat.SignedPercent(figure.Aligned.Value / figure.Base.Value - 1),
        };

        ReportCell Cell(Estimate estimate) =>
            new(format(estimate.Value), ReportFormat.Interval(estimate.Interval, format), figure.Benchmark);
    }

    /// <summary>The share of responses with the type, zero where a model was never marked with it.</summary>
    public static RatioEstimate Rate(EvaluatedModel model, HallucinationType type)
    {
        HallucinationMetrics metrics = model.Metrics;
        return metrics.Types.FirstOrDefault(t => t.Type == type)?.ResponseRate
            ?? new(0, metrics.Responses, Wilson.Interval(0, metrics.Responses, metrics.Bootstrap.Confidence));
    }

    public static string Capitalized(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static ReportRow Share(string figure, string meaning, RatioEstimate before, RatioEstimate after) =>
        Row(figure, meaning, ReportFormat.Percent, before, after);

    private static ReportRow Mean(string figure, string meaning, Func<double, string> format, RatioEstimate before, RatioEstimate after)
    {
        ReportRow row = Row(figure, meaning, format, before, after);
        return row with { Base = row.Base with { Counts = Total(before) }, Aligned = row.Aligned with { Counts = Total(after) } };
    }

    private static ReportRow Row(
        string figure, string meaning, Func<double, string> format, RatioEstimate before, RatioEstimate after) => new()
        {
            Figure = figure,
            Meaning = meaning,
            Base = ReportCell.Of(before, format),
            Aligned = ReportCell.Of(after, format),
            Change = ReportFormat.SignedPercent(after.Value / before.Value - 1),
        };

    private static string Total(RatioEstimate mean) => $"{ReportFormat.Count(mean.Numerator)} in all";

    /// <summary>The interval of a change, from that of the reduction: signs and bounds swap.</summary>
    private static string Reduction(Estimate reduction) =>
        ReportFormat.Interval(new(-reduction.Interval.Upper, -reduction.Interval.Lower), ReportFormat.SignedPercent);
}
