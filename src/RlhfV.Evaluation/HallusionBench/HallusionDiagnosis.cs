namespace RlhfV.Evaluation;

/// <summary>
/// Finds the cause of each mistake by the question's control: the same question on figure 0, which is the unedited picture in category VD and
/// no picture in category VS (HallusionBench, section 4 and the tables of its evaluation script).
/// </summary>
internal sealed class HallusionDiagnosis
{
    private readonly Dictionary<(string, string, string, string), HallusionVerdict> _originals = [];

    public HallusionDiagnosis(IReadOnlyList<HallusionRecord> records)
    {
        foreach (HallusionRecord record in records.Where(record => record.IsOriginal))
        {
            _originals.TryAdd(record.Group, record.Verdict);
        }
    }

    /// <summary>The cause of a mistake.</summary>
    /// <param name="record">A record that is not correct.</param>
    public HallusionCause Of(HallusionRecord record)
    {
        if (record.IsOriginal)
        {
            return record.IsSupplement ? HallusionCause.Language : HallusionCause.Vision;
        }

        if (!_originals.TryGetValue(record.Group, out HallusionVerdict original))
        {
            return HallusionCause.Undetermined;
        }

        bool wrong = record.Verdict == HallusionVerdict.Wrong;
        return (record.IsSupplement, original) switch
        {
            // Right before and wrong on the edited picture with the same answer: not seen, or not looked.
            (false, HallusionVerdict.Right) when wrong => Same(record, HallusionCause.Mixed, HallusionCause.Vision),
            (false, _) => HallusionCause.Vision,

            // The belief is wrong: the same answer again is belief, another one is belief and eyes.
            (true, HallusionVerdict.Wrong) when wrong => Same(record, HallusionCause.Language, HallusionCause.Mixed),
            (true, HallusionVerdict.Wrong) => HallusionCause.Mixed,

            // The belief is right: repeating it in the face of an edited picture is belief, any other mistake is eyes.
            (true, HallusionVerdict.Right) when wrong && record.VisualInput == "2" =>
                Same(record, HallusionCause.Language, HallusionCause.Vision),
            _ => HallusionCause.Vision,
        };
    }

    /// <summary>
    /// The cause of a mistake by its verdict alone, for runs in which answers were not compared; null for none. The published script goes by the
    /// visual input here and by the figure elsewhere, which differs only in records that contradict themselves.
    /// </summary>
    public static HallusionCause? ByVerdict(HallusionRecord record) => (record.IsSupplement, record.Verdict) switch
    {
        (_, HallusionVerdict.Right) => null,
        (true, _) when record.VisualInput == "0" => record.Verdict == HallusionVerdict.Wrong ? HallusionCause.Language : null,
        (false, _) when record.IsOriginal => HallusionCause.Vision,
        (_, HallusionVerdict.Wrong) => HallusionCause.Mixed,
        _ => HallusionCause.Vision,
    };

    /// <summary>The cause of a question's mistakes on all its pictures together.</summary>
    public static HallusionCause Together(IEnumerable<HallusionCause> causes)
    {
        HallusionCause[] all = [.. causes.Distinct()];
        return all.Contains(HallusionCause.Mixed) || (all.Contains(HallusionCause.Language) && all.Contains(HallusionCause.Vision))
            ? HallusionCause.Mixed
            : all.Contains(HallusionCause.Undetermined) ? HallusionCause.Undetermined : all[0];
    }

    private static HallusionCause Same(HallusionRecord record, HallusionCause same, HallusionCause different) =>
        record.SameAsOriginal is { } isSame ? isSame ? same : different : HallusionCause.Undetermined;
}
