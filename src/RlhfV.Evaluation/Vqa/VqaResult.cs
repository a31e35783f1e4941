namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="VqaAccuracy"/>. Accuracies are from 0 to 1, NaN without answers.</summary>
public sealed class VqaResult
{
    internal VqaResult(
        ScoringMode mode, IReadOnlyList<VqaScore> scores, IReadOnlyList<EvaluationDiagnostic> diagnostics, BootstrapOptions? bootstrap)
    {
        Mode = mode;
        Scores = scores;
        Diagnostics = diagnostics;
        Overall = Mean(scores, bootstrap);
        ByQuestionType = scores.GroupBy(score => score.Question.QuestionType)
            .ToDictionary(group => group.Key, group => Mean([.. group], bootstrap));
        ByAnswerType = scores.GroupBy(score => score.Question.AnswerType)
            .ToDictionary(group => group.Key, group => Mean([.. group], bootstrap));
    }

    /// <summary>When answers were normalised.</summary>
    public ScoringMode Mode { get; }

    /// <summary>Mean accuracy over all answers.</summary>
    public Estimate Overall { get; }

    /// <summary>Mean accuracy by the beginning of the question.</summary>
    public IReadOnlyDictionary<string, Estimate> ByQuestionType { get; }

    /// <summary>Mean accuracy of yes/no, number and other questions.</summary>
    public IReadOnlyDictionary<string, Estimate> ByAnswerType { get; }

    /// <summary>Every answer that was scored, in the order of the questions.</summary>
    public IReadOnlyList<VqaScore> Scores { get; }

    /// <summary>Missing, repeated and unknown answers.</summary>
    public IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; }

    /// <summary>An accuracy as the official code gives it: in percent, two decimals.</summary>
    /// <param name="accuracy">From 0 to 1.</param>
    /// <param name="decimals">How many decimals.</param>
    public static double Percent(double accuracy, int decimals = 2) => ExactRounding.Round(100 * accuracy, decimals);

    private static Estimate Mean(IReadOnlyList<VqaScore> scores, BootstrapOptions? bootstrap)
    {
        var table = new ItemTable(scores.Count, 2);
        for (int i = 0; i < scores.Count; i++)
        {
            (table.Row(i)[0], table.Row(i)[1]) = (scores[i].Accuracy, 1);
        }

        return new Bootstrap(table, bootstrap ?? BootstrapOptions.Default).Estimate(s => s[0] / s[1]);
    }
}
