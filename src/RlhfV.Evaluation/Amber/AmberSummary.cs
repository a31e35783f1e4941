namespace RlhfV.Evaluation;

/// <summary>
/// The figures as the published script prints them: percentages of one decimal. Its denominators start at 0.001 so that nothing divides by
/// zero, which is why a perfect small set shows 99.9; its headings are spelt as here.
/// </summary>
public static class AmberSummary
{
    private const double Start = 0.001;

    /// <summary>The four figures on descriptions.</summary>
    /// <param name="result">The result to print.</param>
    public static IReadOnlyDictionary<string, double> Generative(AmberResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        IReadOnlyList<AmberDescription> all = result.Descriptions;
        double faithful = all.Count(d => d.Hallucinated.Count == 0) / (all.Count + Start) * 100;
        return new Dictionary<string, double>
        {
            ["CHAIR"] = Percent(all.Sum(d => d.Hallucinated.Count), all.Sum(d => d.Nouns.Count), Start),
            ["Cover"] = Percent(all.Sum(d => d.Covered), all.Sum(d => d.Item.Truth.Count), Start),
            ["Hal"] = ExactRounding.Round(100 - faithful, 1),
            ["Cog"] = Percent(all.Sum(d => d.TargetsHit), all.Sum(d => d.Item.Targets.Count), Start),
        };
    }

    /// <summary>Accuracy, Precision, Recall and F1 under the script's headings.</summary>
    /// <param name="result">The result to print.</param>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Discriminative(AmberResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new Dictionary<string, IReadOnlyDictionary<string, double>>
        {
            ["Descriminative Task"] = Figures(result.Questions, 1, 0.0001),
            ["Exsitence"] = Of(result, AmberDimension.Existence, 0.001),
            ["Attribute"] = Figures([.. result.Questions.Where(q => AmberResult.IsAttribute(q.Dimension))], 3, 0.0001),
            ["State"] = Of(result, AmberDimension.State, 0.0001),
            ["Number"] = Of(result, AmberDimension.Number, 0.0001),
            ["Action"] = Of(result, AmberDimension.Action, 0.0001),
            ["Relation"] = Of(result, AmberDimension.Relation, 0.0001),
        };
    }

    private static Dictionary<string, double> Of(AmberResult result, AmberDimension dimension, double smoothing) =>
        Figures([.. result.Questions.Where(q => q.Dimension == dimension)], 1, smoothing);

    /// <param name="questions">What was asked.</param>
    /// <param name="starts">How many counters are added up, each with its own start.</param>
    /// <param name="smoothing">What the script adds to the denominator of F1.</param>
    private static Dictionary<string, double> Figures(IReadOnlyList<AmberQuestion> questions, int starts, double smoothing)
    {
        int rightNo = questions.Count(q => q.SaysYes is false && q.Item.Answer is false);
        double precision = Percent(rightNo, questions.Count(q => q.SaysYes is false), starts * Start);
        double recall = Percent(rightNo, questions.Count(q => q.Item.Answer is false), starts * Start);
        double f1 = 2 * (precision / 100) * (recall / 100) / (precision / 100 + recall / 100 + smoothing) * 100;
        return new()
        {
            ["Accuracy"] = Percent(questions.Count(q => q.SaysYes == q.Item.Answer), questions.Count, starts * Start),
            ["Precision"] = precision,
            ["Recall"] = recall,
            ["F1"] = ExactRounding.Round(f1, 1),
        };
    }

    private static double Percent(int count, int total, double start) => ExactRounding.Round(count / (total + start) * 100, 1);
}
