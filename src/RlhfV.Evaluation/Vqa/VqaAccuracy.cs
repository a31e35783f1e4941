namespace RlhfV.Evaluation;

/// <summary>
/// VQA accuracy: an answer is as right as people agree with it. Leaving out each of the ten people in turn, it scores a third for each
/// other person who said the same, one at most; the mean of that.
/// </summary>
public static class VqaAccuracy
{
    private const double Agreement = 3;

    /// <summary>Scores answers.</summary>
    /// <param name="questions">The annotated questions.</param>
    /// <param name="answers">Answers, in any order.</param>
    /// <param name="mode">
    /// <see cref="ScoringMode.Official"/> normalises only where people's answers differ, so that <c>Red.</c> and <c>red</c> do not match
    /// where all ten said <c>Red.</c>, and takes the last of several answers to a question;
    /// <see cref="ScoringMode.Strict"/> normalises always, as the evaluation server's tools do, and takes the first.
    /// </param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    public static VqaResult Score(
        IReadOnlyList<VqaQuestion> questions, IReadOnlyList<VqaAnswer> answers, ScoringMode mode = ScoringMode.Strict,
        BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentNullException.ThrowIfNull(answers);
        List<EvaluationDiagnostic> diagnostics = [.. FileDiagnostics.Of(answers)];
        var byId = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (VqaAnswer answer in answers)
        {
            if (byId.TryAdd(answer.QuestionId, answer.Text))
            {
                continue;
            }

            bool lastCounts = mode == ScoringMode.Official; // The official code overwrites the entry.
            byId[answer.QuestionId] = lastCounts ? answer.Text : byId[answer.QuestionId];
            diagnostics.Add(new(
                DiagnosticCode.DuplicateAnswer, answer.QuestionId,
                $"The question was answered before; the {(lastCounts ? "last" : "first")} answer counts."));
        }

        var scores = new List<VqaScore>(questions.Count);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (VqaQuestion question in questions)
        {
            if (!asked.Add(question.Id))
            {
                diagnostics.Add(new(
                    DiagnosticCode.DuplicateTruth, question.Id, "The annotations have the question twice; the first one counts, the other was left out."));
            }
            else if (!byId.Remove(question.Id, out string? answer))
            {
                diagnostics.Add(new(DiagnosticCode.MissingAnswer, question.Id, "The question has no answer; it was left out."));
            }
            else if (question.References.Count == 0)
            {
                diagnostics.Add(new(DiagnosticCode.MissingTruth, question.Id, "Nobody answered the question; it was left out."));
            }
            else
            {
                scores.Add(new(question, answer, Score(question.References, answer, mode)));
            }
        }

        diagnostics.AddRange(byId.Keys.Select(id => new EvaluationDiagnostic(
            DiagnosticCode.MissingTruth, id, "The annotations have no such question; the answer was left out.")));
        if (scores.Count == 0)
        {
            diagnostics.Add(new(DiagnosticCode.FigureAbsent, "", "There is no accuracy: no answer was scored."));
        }

        return new(mode, scores, diagnostics, bootstrap);
    }

    /// <summary>Accuracy of one answer, 0 to 1.</summary>
    internal static double Score(IReadOnlyList<string> references, string answer, ScoringMode mode)
    {
        string[] stripped = [.. references.Select(VqaNormalizer.Strip)];
        string given = VqaNormalizer.Strip(answer);
        if (mode == ScoringMode.Strict)
        {
            stripped = [.. stripped.Select(VqaNormalizer.NormalizeForSubmission)];
            given = VqaNormalizer.NormalizeForSubmission(given);
        }
        else if (stripped.Distinct(StringComparer.Ordinal).Count() > 1)
        {
            stripped = [.. stripped.Select(VqaNormalizer.Normalize)];
            given = VqaNormalizer.Normalize(given);
        }

        int matches = stripped.Count(reference => reference == given);
        return stripped.Average(reference => Math.Min(1, (matches - (reference == given ? 1 : 0)) / Agreement));
    }
}
