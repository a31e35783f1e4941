namespace RlhfV.Evaluation;

/// <summary>How the figures were made, in words.</summary>
internal static class ReportMethod
{
    public static string Intervals(HallucinationReport report)
    {
        BootstrapOptions options = report.Base.Metrics.Bootstrap;
        return $"Ranges are {ReportFormat.Confidence(options)} bootstrap intervals over responses " +
            $"({ReportFormat.Count(options.Resamples)} resamples, seed {options.Seed}); changes resample pairs of responses to the " +
            "same item. " +
            "A share of exactly none or all, of a scene, of a length or of empty responses has a Wilson interval instead, a change that is " +
            "the same for every item or ends at none a closed form. " +
            $"McNemar's exact test: {ReportFormat.Count(report.Comparison.OnlyBaselineHallucinates)} items hallucinated by " +
            $"{report.Base.Name} alone, {ReportFormat.Count(report.Comparison.OnlyCandidateHallucinates)} by {report.Aligned.Name} " +
            "alone, " +
            $"{ReportFormat.PValue(report.Comparison.McNemarP)}.";
    }
}
