namespace RlhfV.Evaluation;

/// <summary>
/// HallusionBench (Guan et al., CVPR 2024): yes/no questions in groups that control each other, so that a guess does not pay. Accuracies,
/// consistency, and the diagnosis of language hallucination against visual illusion.
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

    /// <summary>Computes the figures. For the published rows VD and VS, score the records of one category.</summary>
    /// <param name="records">
    /// Judged answers; each question with each picture once. Where one occurs again, the first counts. (The published script stops there.)
    /// </param>
    public static HallusionMetrics Score(IReadOnlyList<HallusionRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        List<EvaluationDiagnostic> diagnostics = [.. FileDiagnostics.Of(records)];
        List<HallusionRecord> once = Once(records, diagnostics);
        List<HallusionRecord> wrong = once.FindAll(record => !record.IsCorrect);
        var diagnosis = new HallusionDiagnosis(once);
        HallusionCauses causes = HallusionCauses.Of(wrong.Select(diagnosis.Of));
        Report(once, causes, diagnostics);
        return new()
        {
            Unclear = once.Count(record => record.Verdict == HallusionVerdict.Unclear),
            All = new(once.Count - wrong.Count, once.Count),
            Questions = Count(once, record => record.Group),
            Figures = Count(WithPicture(once), Picture),
            Easy = Count(once.FindAll(record => record.VisualInput != "2"), record => record.Group),
            Hard = Count(once.FindAll(record => record.VisualInput == "2"), record => record.Group),
            Consistency = Consistency(WithPicture(once)),
            Causes = causes,
            QuestionCauses = HallusionCauses.Of(wrong.GroupBy(record => record.Group)
                .Select(group => HallusionDiagnosis.Together(group.Select(diagnosis.Of)))),
            VerdictCauses = HallusionCauses.Of(once.Select(HallusionDiagnosis.ByVerdict).OfType<HallusionCause>()),
            YesBias = YesBias(once.FindAll(record => record.TrueAnswer is not null)),
            Diagnostics = diagnostics,
        };
    }

    private static List<HallusionRecord> WithPicture(List<HallusionRecord> records) => records.FindAll(record => !record.IsWithoutPicture);

    private static (string, string, string, string) Picture(HallusionRecord record) =>
        (record.Category, record.Subcategory, record.Set, record.Figure);

    private static List<HallusionRecord> Once(IReadOnlyList<HallusionRecord> records, List<EvaluationDiagnostic> diagnostics)
    {
        var seen = new HashSet<((string, string, string, string) Group, string Figure)>();
        var once = new List<HallusionRecord>(records.Count);
        foreach (HallusionRecord record in records)
        {
            if (seen.Add((record.Group, record.Figure)))
            {
                once.Add(record);
            }
            else
            {
                diagnostics.Add(new(
                    DiagnosticCode.DuplicateAnswer, record.Name, "The question was answered for this picture before; the first record counts."));
            }
        }

        return once;
    }

    private static void Report(List<HallusionRecord> records, HallusionCauses causes, List<EvaluationDiagnostic> diagnostics)
    {
        if (records.Count == 0)
        {
            diagnostics.Add(new(DiagnosticCode.FigureAbsent, "", "There is no accuracy: no answer was judged."));
        }

        if (causes.Undetermined > 0)
        {
            diagnostics.Add(new(
                DiagnosticCode.FigureAbsent, "",
                $"The cause of {causes.Undetermined} of {causes.Total} mistakes is not determined: the answer on figure 0 is missing, or nobody " +
                "compared it with this one."));
        }

        int unknown = records.Count(record => record.TrueAnswer is null);
        if (unknown > 0)
        {
            diagnostics.Add(new(
                DiagnosticCode.MissingTruth, "",
                $"The right answer to {unknown} of {records.Count} questions is not known; they are left out of the yes bias."));
        }
    }

    /// <summary>Groups in which everything is correct, of all groups.</summary>
    private static HallusionAccuracy Count<TKey>(List<HallusionRecord> records, Func<HallusionRecord, TKey> key)
    {
        bool[] groups = [.. records.GroupBy(key).Select(group => group.All(record => record.IsCorrect))];
        return new(groups.Count(correct => correct), groups.Length);
    }

    private static HallusionConsistency Consistency(List<HallusionRecord> records)
    {
        double[] shares = [.. records.GroupBy(Picture).Select(picture => picture.Average(record => record.IsCorrect ? 1.0 : 0))];
        int correct = shares.Count(share => share == 1), wrong = shares.Count(share => share == 0);
        return new(correct, shares.Length - correct - wrong, wrong, shares.DefaultIfEmpty(double.NaN).Average());
    }

    private static HallusionYesBias YesBias(List<HallusionRecord> records)
    {
        double saysYes = records.Count(record => record.IsCorrect == record.TrueAnswer);
        List<HallusionRecord> wrong = records.FindAll(record => !record.IsCorrect);
        return new(
            records.Count, (saysYes - records.Count(record => record.TrueAnswer is true)) / records.Count,
            (double)wrong.Count(record => record.TrueAnswer is false) / wrong.Count);
    }
}
