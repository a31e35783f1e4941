namespace RlhfV.Evaluation;

/// <summary>
/// Hallucination by length, each response in the group of its own length. Pairs by the length of the base model's response would mislead:
/// its long responses are often long because they hallucinate, so any other model would look better on them and worse on the short ones.
/// </summary>
internal static class LengthGroups
{
    /// <summary>Up to three groups, shortest first, bounded where the lengths of both models together split into thirds.</summary>
    public static IReadOnlyList<LengthGroup> Of(HallucinationReport report)
    {
        ResponseAssessment[] all = [.. report.Base.Responses, .. report.Aligned.Responses];
        int[] words = [.. all.Select(response => response.Words).Order()];
        int[] bounds = [.. new[] { words[words.Length / 3], words[2 * words.Length / 3] }.Where(bound => bound > words[0]).Distinct()];
        Func<ResponseAssessment, string?> group = bounds.Length == 0 ? _ => $"{words[0]} words or more" : Breakdown.Length(bounds);
        double confidence = report.Base.Metrics.Bootstrap.Confidence;
        return
        [
            .. all.OrderBy(response => response.Words).Select(response => group(response)!).Distinct() // Every response has a length.
                .Select(name => new LengthGroup(name, Rate(report.Base, name), Rate(report.Aligned, name))),
        ];

        RatioEstimate Rate(EvaluatedModel model, string name)
        {
            ResponseAssessment[] members = [.. model.Responses.Where(response => group(response) == name)];
            int hallucinated = members.Count(response => response.IsHallucinated);
            return new(
                hallucinated, members.Length,
                members.Length == 0 ? ConfidenceInterval.None : Wilson.Interval(hallucinated, members.Length, confidence));
        }
    }
}
