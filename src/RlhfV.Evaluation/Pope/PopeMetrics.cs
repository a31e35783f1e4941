namespace RlhfV.Evaluation;

/// <summary>The figures of POPE, with yes as the positive answer. A figure with nothing to divide by is NaN.</summary>
public sealed class PopeMetrics
{
    private const int One = 0, Yes = 1, Present = 2, Hits = 3, Right = 4, Answers = 5, Affirmed = 6, Columns = 7;

    private PopeMetrics()
    {
    }

    /// <summary>Present objects that were affirmed.</summary>
    public int TruePositives { get; private init; }

    /// <summary>Absent objects that were affirmed: hallucinations.</summary>
    public int FalsePositives { get; private init; }

    /// <summary>Absent objects that were denied.</summary>
    public int TrueNegatives { get; private init; }

    /// <summary>Present objects that were denied.</summary>
    public int FalseNegatives { get; private init; }

    /// <summary>Answers that are no clear yes or no. The published script counts each of them as one or the other.</summary>
    public int Unclear { get; private init; }

    /// <summary>Right answers / questions.</summary>
    public RatioEstimate Accuracy { get; private init; }

    /// <summary>Affirmed present objects / affirmed objects.</summary>
    public RatioEstimate Precision { get; private init; }

    /// <summary>Affirmed present objects / present objects.</summary>
    public RatioEstimate Recall { get; private init; }

    /// <summary>Harmonic mean of precision and recall.</summary>
    public Estimate F1 { get; private init; }

    /// <summary>Yes answers / questions; far from one half, a model says yes or no whatever it sees.</summary>
    public RatioEstimate YesRatio { get; private init; }

    /// <param name="items">Questions and how their answers were read.</param>
    /// <param name="surplus">For each answer beyond the questions whether it is a yes: the published script counts them in the share of yes alone.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    internal static PopeMetrics Of(IReadOnlyList<PopeItem> items, IReadOnlyList<bool> surplus, BootstrapOptions? bootstrap)
    {
        var table = new ItemTable(items.Count + surplus.Count, Columns);
        for (int i = 0; i < items.Count; i++)
        {
            PopeItem item = items[i];
            Span<double> row = table.Row(i);
            row[One] = 1;
            row[Yes] = item.SaysYes is true ? 1 : 0;
            row[Present] = item.Question.IsPresent ? 1 : 0;
            row[Hits] = item.SaysYes is true && item.Question.IsPresent ? 1 : 0;
            row[Right] = item.IsCorrect ? 1 : 0;
            row[Answers] = 1;
            row[Affirmed] = row[Yes];
        }

        for (int i = 0; i < surplus.Count; i++)
        {
            Span<double> row = table.Row(items.Count + i);
            row[Answers] = 1;
            row[Affirmed] = surplus[i] ? 1 : 0;
        }

        var resampled = new Bootstrap(table, bootstrap ?? BootstrapOptions.Default);
        return new()
        {
            TruePositives = items.Count(i => i is { SaysYes: true, Question.IsPresent: true }),
            FalsePositives = items.Count(i => i is { SaysYes: true, Question.IsPresent: false }),
            TrueNegatives = items.Count(i => i is { SaysYes: false, Question.IsPresent: false }),
            FalseNegatives = items.Count(i => i is { SaysYes: false, Question.IsPresent: true }),
            Unclear = items.Count(i => i.IsUnclear),
            Accuracy = resampled.Share(Right, One),
            Precision = resampled.Share(Hits, Yes),
            Recall = resampled.Share(Hits, Present),
            F1 = resampled.Estimate(s => Harmonic(s[Hits] / s[Yes], s[Hits] / s[Present])),
            YesRatio = resampled.Share(Affirmed, Answers),
        };

        static double Harmonic(double precision, double recall) => 2 * precision * recall / (precision + recall);
    }
}
