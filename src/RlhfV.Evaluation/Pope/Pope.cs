namespace RlhfV.Evaluation;

/// <summary>
/// POPE (Li et al., Evaluating Object Hallucination in Large Vision-Language Models, EMNLP 2023): yes/no questions on the presence of
/// objects, half of them about absent ones.
/// </summary>
public static class Pope
{
    /// <summary>Scores the answers to one split.</summary>
    /// <param name="questions">The split's questions.</param>
    /// <param name="answers">
    /// Answers: in strict mode by question id where any has one, and then answers without an id are left out; else in the order of the questions.
    /// </param>
    /// <param name="mode">
    /// <see cref="ScoringMode.Official"/> takes every answer without the word no for a yes and pairs by position;
    /// <see cref="ScoringMode.Strict"/> takes only a clear yes or no, and counts any other answer as wrong.
    /// </param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    public static PopeResult Score(
        IReadOnlyList<PopeQuestion> questions, IReadOnlyList<PopeAnswer> answers, ScoringMode mode = ScoringMode.Strict,
        BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentNullException.ThrowIfNull(answers);
        List<EvaluationDiagnostic> diagnostics = [.. FileDiagnostics.Of(answers)];
        bool byId = mode == ScoringMode.Strict && answers.Any(answer => answer.QuestionId is not null);
        PopeItem[] items =
        [
            .. (byId ? PairById(questions, answers, diagnostics) : PairByPlace(questions, answers, mode, diagnostics))
                .Select(pair => Item(pair.Question, pair.Answer, mode)),
        ];
        foreach (PopeItem item in items.Where(item => item.IsUnclear))
        {
            diagnostics.Add(new(
                DiagnosticCode.UnclearAnswer, item.Question.Id,
                $"'{Shorten(item.Answer)}' is neither yes nor no; it counts as {(item.SaysYes is true ? "yes" : "wrong")}."));
        }

        bool[] surplus = mode == ScoringMode.Official ? [.. answers.Skip(questions.Count).Select(answer => ReadOfficial(answer.Text))] : [];
        PopeMetrics metrics = PopeMetrics.Of(items, surplus, bootstrap);
        ReportAbsent(metrics, diagnostics);
        return new(mode, metrics, items, diagnostics);
    }

    /// <summary>
    /// The published reading: what precedes the first period, without commas, split at blanks; no when one piece is <c>No</c>, <c>no</c> or
    /// <c>not</c>, else yes. So <c>NO</c>, <c>**No**</c> and an empty answer are yes, and <c>Yes, no doubt</c> is no.
    /// </summary>
    internal static bool ReadOfficial(string answer)
    {
        int period = answer.IndexOf('.', StringComparison.Ordinal);
        string sentence = (period < 0 ? answer : answer[..period]).Replace(",", "", StringComparison.Ordinal);
        return !sentence.Split(' ').Any(word => word is "No" or "no" or "not");
    }

    private static void ReportAbsent(PopeMetrics metrics, List<EvaluationDiagnostic> diagnostics)
    {
        Report(metrics.Accuracy.HasValue, "accuracy", "no question was asked");
        Report(metrics.Precision.HasValue, "precision", "no answer is yes");
        Report(metrics.Recall.HasValue, "recall", "no question has the answer yes");
        Report(metrics.F1.HasValue, "F1", "precision or recall is absent, or both are zero");

        void Report(bool has, string figure, string why)
        {
            if (!has)
            {
                diagnostics.Add(new(DiagnosticCode.FigureAbsent, "", $"There is no {figure}: {why}."));
            }
        }
    }

    private static PopeItem Item(PopeQuestion question, string answer, ScoringMode mode)
    {
        bool? clear = YesNo.Read(answer);
        return new(question, answer, mode == ScoringMode.Official ? ReadOfficial(answer) : clear, clear is null);
    }

    private static IEnumerable<(PopeQuestion Question, string Answer)> PairByPlace(
        IReadOnlyList<PopeQuestion> questions, IReadOnlyList<PopeAnswer> answers, ScoringMode mode, List<EvaluationDiagnostic> diagnostics)
    {
        if (answers.Count > questions.Count)
        {
            diagnostics.Add(new(
                DiagnosticCode.MissingTruth, "",
                $"{answers.Count} answers to {questions.Count} questions; the last ones " +
                $"{(mode == ScoringMode.Official ? "count in the share of yes alone" : "were left out")}."));
        }
        else if (answers.Count < questions.Count)
        {
            diagnostics.Add(new(
                DiagnosticCode.MissingAnswer, "",
                $"{questions.Count - answers.Count} of {questions.Count} questions have no answer; " +
                $"they {(mode == ScoringMode.Official ? "are left out" : "count as wrong")}."));
        }

        IEnumerable<(PopeQuestion, string)> pairs = questions.Zip(answers, (question, answer) => (question, answer.Text));
        return mode == ScoringMode.Official ? pairs : pairs.Concat(questions.Skip(answers.Count).Select(question => (question, "")));
    }

    private static List<(PopeQuestion Question, string Answer)> PairById(
        IReadOnlyList<PopeQuestion> questions, IReadOnlyList<PopeAnswer> answers, List<EvaluationDiagnostic> diagnostics)
    {
        var byId = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((int index, PopeAnswer answer) in answers.Index())
        {
            if (answer.QuestionId is not { } id)
            {
                diagnostics.Add(new(
                    DiagnosticCode.AnswerWithoutId, $"answer {index + 1}", "Others name their question, this one does not; it was left out."));
            }
            else if (!byId.TryAdd(id, answer.Text))
            {
                diagnostics.Add(new(DiagnosticCode.DuplicateAnswer, id, "The question was answered before; the first answer counts."));
            }
        }

        foreach (KeyValuePair<string, int> repeated in questions.CountBy(question => question.Id).Where(count => count.Value > 1))
        {
            diagnostics.Add(new(
                DiagnosticCode.DuplicateTruth, repeated.Key,
                $"{repeated.Value} questions have this id, and each takes the same answer; score the splits one by one, their ids are the same."));
        }

        var known = questions.Select(question => question.Id).ToHashSet(StringComparer.Ordinal);
        foreach (string id in byId.Keys.Where(id => !known.Contains(id)))
        {
            diagnostics.Add(new(DiagnosticCode.MissingTruth, id, "There is no such question; the answer was left out."));
        }

        var pairs = new List<(PopeQuestion, string)>(questions.Count);
        foreach (PopeQuestion question in questions)
        {
            if (!byId.TryGetValue(question.Id, out string? answer))
            {
                diagnostics.Add(new(DiagnosticCode.MissingAnswer, question.Id, "The question has no answer; it counts as wrong."));
            }

            pairs.Add((question, answer ?? ""));
        }

        return pairs;
    }

    private static string Shorten(string answer) => answer.Length <= 60 ? answer : answer[..60] + "..";
}
