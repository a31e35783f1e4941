namespace RlhfV.Evaluation;

/// <summary>
/// AMBER's figures on yes/no questions. Precision and recall are those of the answer no: of seeing that something is not so.
/// </summary>
public sealed class AmberDiscriminativeMetrics
{
    private const int One = 0, Right = 1, TruthNo = 2, SaysNo = 3, RightNo = 4, Columns = 5;

    private AmberDiscriminativeMetrics()
    {
    }

    /// <summary>Right answers / questions.</summary>
    public RatioEstimate Accuracy { get; private init; }

    /// <summary>Right noes / noes.</summary>
    public RatioEstimate Precision { get; private init; }

    /// <summary>Right noes / questions whose answer is no.</summary>
    public RatioEstimate Recall { get; private init; }

    /// <summary>Harmonic mean of precision and recall.</summary>
    public Estimate F1 { get; private init; }

    internal static AmberDiscriminativeMetrics Of(IReadOnlyList<AmberQuestion> questions, BootstrapOptions? bootstrap)
    {
        var table = new ItemTable(questions.Count, Columns);
        for (int i = 0; i < questions.Count; i++)
        {
            AmberQuestion question = questions[i];
            Span<double> row = table.Row(i);
            row[One] = 1;
            row[Right] = question.SaysYes == question.Item.Answer ? 1 : 0;
            row[TruthNo] = question.Item.Answer is false ? 1 : 0;
            row[SaysNo] = question.SaysYes is false ? 1 : 0;
            row[RightNo] = question.SaysYes is false && question.Item.Answer is false ? 1 : 0;
        }

        var resampled = new Bootstrap(table, bootstrap ?? BootstrapOptions.Default);
        return new()
        {
            Accuracy = resampled.Share(Right, One),
            Precision = resampled.Share(RightNo, SaysNo),
            Recall = resampled.Share(RightNo, TruthNo),
            F1 = resampled.Estimate(s => 2 * s[RightNo] / (s[SaysNo] + s[TruthNo])),
        };
    }
}
