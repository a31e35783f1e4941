namespace RlhfV.Evaluation;

/// <summary>The lines that the published tools print for a result.</summary>
public static class ObjectHalSummary
{
    /// <summary>Heading of <see cref="Line"/>.</summary>
    public const string Header = "CHAIRs\tCHAIRsr\tCHAIRi\tsent_num\tcoco_num\tavg_len";

    /// <summary>
    /// The scoring script's line: three rates in percent, number of responses, number with objects, mean length; absent rates as nan.
    /// </summary>
    /// <param name="result">The result to print.</param>
    public static string Line(ObjectHalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        ObjectRates rates = result.Rates;
        return string.Join('\t',
            Percent(rates.OfResponses, 1), Percent(rates.OfResponsesWithObjects, 1), Percent(rates.OfMentions, 1),
            $"{rates.OfResponses.Denominator}", $"{rates.OfResponsesWithObjects.Denominator}", ExactRounding.Fixed(result.AverageWords, 1));
    }

    /// <summary>The summary script's figures, in its order: names and values in percent with two decimals, counts with one.</summary>
    /// <param name="result">The result to print.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Table(ObjectHalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        ObjectRates rates = result.Rates;
        return
        [
            new("Response Hall", Percent(rates.OfResponsesWithObjects, 2)),
            new("Object Hall", Percent(rates.OfMentions, 2)),
            new("Response Correct", ExactRounding.Fixed((1 - rates.OfResponsesWithObjects.Value) * 100, 2)),
            new("Object Correct", ExactRounding.Fixed((1 - rates.OfMentions.Value) * 100, 2)),
            new("Object Recall", Percent(rates.Recall, 2)),
            new("Average Length", ExactRounding.Fixed(result.AverageWords, 2)),
            new("COCO Sent Number", $"{rates.OfResponsesWithObjects.Denominator}.0"),
            new("COCO Word Number", $"{rates.Recall.Numerator}.0"),
            new("GT Word Number", $"{rates.Recall.Denominator}.0"),
        ];
    }

    private static string Percent(RatioEstimate rate, int decimals) => ExactRounding.Fixed(rate.Value * 100, decimals);
}
