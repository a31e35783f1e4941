namespace RlhfV.Evaluation;

/// <summary>The report in two sentences, for whoever reads nothing else.</summary>
internal static class ReportSummary
{
    public static string Text(HallucinationReport report)
    {
        PairedComparison paired = report.Comparison;
        double before = report.Base.Metrics.ResponseRate.Value;
        double after = report.Aligned.Metrics.ResponseRate.Value;
        string rates = $"Of {ReportFormat.Count(paired.Items)} responses, {ReportFormat.Percent(before)} of {report.Base.Name} and " +
            $"{ReportFormat.Percent(after)} of {report.Aligned.Name} contain a hallucination";
        return $"{rates}{Change(paired, before, after)}. {Recall(report)}";
    }

    private static string Change(PairedComparison paired, double before, double after)
    {
        if (before == after)
        {
            return ": no difference";
        }

        Estimate reduction = paired.ResponseRateReduction;
        string certainty = paired.McNemarP < 0.05
            ? $"more than chance explains ({ReportFormat.PValue(paired.McNemarP)})"
            : $"which chance may explain ({ReportFormat.PValue(paired.McNemarP)})";
        string size = reduction.HasValue ? $"{ReportFormat.Percent(Math.Abs(reduction.Value))} " : "";
        return $": {size}{(after < before ? "fewer" : "more")}, {certainty}";
    }

    private static string Recall(HallucinationReport report)
    {
        Estimate change = report.Comparison.RecallChange;
        return !change.HasValue
            ? "Object recall was not measured, so the rates say nothing about how much the answers still tell."
            : $"Object recall went from {ReportFormat.Percent(report.Base.Metrics.Recall.Value)} to " +
              $"{ReportFormat.Percent(report.Aligned.Metrics.Recall.Value)} ({ReportFormat.Points(change.Value)}).";
    }
}
