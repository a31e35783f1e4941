namespace RlhfV.Evaluation;

/// <summary>Sorts out which answers can be scored: those to pictures with a known truth, each once.</summary>
internal static class ObjectAnswers
{
    private static readonly HashSet<string> Nothing = [];

    /// <summary>
    /// Answers in their order with the truth of their picture. In strict mode the first answer to a picture counts, and none to a picture
    /// without annotation; the scripts score every one, and all that is named in a picture without annotation is hallucinated.
    /// </summary>
    public static List<(ModelAnswer Answer, IReadOnlySet<string> Truth)> Match(
        IEnumerable<ModelAnswer> answers, ObjectTruth truth, ScoringMode mode, List<EvaluationDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(answers);
        diagnostics.AddRange(FileDiagnostics.Of(answers)); // What the file lost belongs to what the result leaves out.
        var matched = new List<(ModelAnswer, IReadOnlySet<string>)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (ModelAnswer answer in answers)
        {
            if (!truth.TryGetObjects(answer.ImageId, out IReadOnlySet<string>? objects))
            {
                diagnostics.Add(new(
                    DiagnosticCode.MissingTruth, answer.ImageId,
                    $"The annotations know no such image; {(mode == ScoringMode.Official ? "it counts as one that shows nothing" : "the answer was left out")}."));
                if (mode != ScoringMode.Official)
                {
                    continue;
                }

                objects = Nothing;
            }

            if (!seen.Add(answer.ImageId))
            {
                bool counts = mode == ScoringMode.Official;
                diagnostics.Add(new(
                    DiagnosticCode.DuplicateAnswer, answer.ImageId,
                    $"The image was answered before; {(counts ? "both answers count" : "the first answer counts")}."));
                if (!counts)
                {
                    continue;
                }
            }

            if (string.IsNullOrWhiteSpace(answer.Text))
            {
                diagnostics.Add(
                    new(DiagnosticCode.EmptyAnswer, answer.ImageId, "The answer is empty; it counts as a response that names nothing."));
            }

            matched.Add((answer, objects));
        }

        int answered = seen.Count(truth.Images.ContainsKey);
        if (answered < truth.Images.Count)
        {
            diagnostics.Add(new(
                DiagnosticCode.MissingAnswer, "",
                $"{truth.Images.Count - answered} of the {truth.Images.Count} annotated images have no answer; they are left out."));
        }

        return matched;
    }

    public static void ReportAbsent(ObjectRates rates, List<EvaluationDiagnostic> diagnostics)
    {
        Report(rates.OfResponsesWithObjects, "response-level rate", "no response names an object");
        Report(rates.OfMentions, "mention-level rate", "no response names an object");
        Report(rates.Recall, "recall", "no picture of a scored response shows an object");

        void Report(RatioEstimate rate, string figure, string why)
        {
            if (!rate.HasValue)
            {
                diagnostics.Add(new(DiagnosticCode.FigureAbsent, "", $"There is no {figure}: {why}."));
            }
        }
    }
}
