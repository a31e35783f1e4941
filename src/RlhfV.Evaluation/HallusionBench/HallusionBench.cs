namespace RlhfV.Evaluation;

/// <summary>
/// HallusionBench (Guan et al., CVPR 2024): yes/no questions in groups that control each other, so that a guess does not pay. Accuracies
/// are computed; the published script's diagnosis of language hallucination against visual illusion is not.
/// </summary>
public static class HallusionBench
{
    /// <summary>Reads a judge's reply.</summary>
    /// <param name="reply">The judge's reply.</param>
    /// <param name="mode">
    /// <see cref="ScoringMode.Official"/> reads as the published script: contains "incorrect", else contains "correct", else unclear, so that "not
    /// correct" is right. <see cref="ScoringMode.Strict"/> knows denials, and takes a reply that says both for unclear.
    /// </param>
    public static HallusionVerdict Read(string reply, ScoringMode mode = ScoringMode.Strict)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return mode == ScoringMode.Official ? HallusionReply.ReadOfficial(reply) : HallusionReply.Read(reply);
    }

    /// <summary>Computes the accuracies.</summary>
    /// <param name="records">Judged answers.</param>
    public static HallusionMetrics Score(IReadOnlyList<HallusionRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return new()
        {
            Unclear = records.Count(record => record.Verdict == HallusionVerdict.Unclear),
            All = new(records.Count(record => record.IsCorrect), records.Count),
            Questions = Count(records, Group),
            Figures = Count(
                [.. records.Where(record => !record.IsWithoutPicture)],
                record => (record.Category, record.Subcategory, record.Set, record.Figure)),
            Easy = Count([.. records.Where(record => record.VisualInput != "2")], Group),
            Hard = Count([.. records.Where(record => record.VisualInput == "2")], Group),
        };

        static (string, string, string, string) Group(HallusionRecord record) =>
            (record.Category, record.Subcategory, record.Set, record.Question);
    }

    /// <summary>Groups in which everything is correct, of all groups.</summary>
    private static HallusionAccuracy Count<TKey>(IReadOnlyList<HallusionRecord> records, Func<HallusionRecord, TKey> key)
    {
        bool[] groups = [.. records.GroupBy(key).Select(group => group.All(record => record.IsCorrect))];
        return new(groups.Count(correct => correct), groups.Length);
    }
}
