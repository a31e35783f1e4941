namespace RlhfV.Evaluation;

/// <summary>Brings together what two models answered to the same items.</summary>
internal static class ResponsePairs
{
    private const int NamedAtMost = 5;

    /// <summary>Pairs in the baseline's order.</summary>
    /// <exception cref="ArgumentException">There is no item, an id occurs twice, or an id is missing on one side.</exception>
    public static (ResponseAssessment Baseline, ResponseAssessment Candidate)[] Match(
        IReadOnlyList<ResponseAssessment> baseline, IReadOnlyList<ResponseAssessment> candidate)
    {
        Dictionary<string, ResponseAssessment> first = ById(baseline, nameof(baseline));
        Dictionary<string, ResponseAssessment> second = ById(candidate, nameof(candidate));
        ThrowIfMissing(first, second, nameof(candidate));
        ThrowIfMissing(second, first, nameof(baseline));
        return [.. baseline.Select(b => (b, second[b.Id]))];
    }

    private static Dictionary<string, ResponseAssessment> ById(IReadOnlyList<ResponseAssessment> responses, string parameter)
    {
        ArgumentNullException.ThrowIfNull(responses, parameter);
        if (responses.Count == 0)
        {
            throw new ArgumentException("There is no response to compare.", parameter);
        }

        var byId = new Dictionary<string, ResponseAssessment>(responses.Count, StringComparer.Ordinal);
        foreach (ResponseAssessment response in responses)
        {
            response.Validate(parameter);
            if (!byId.TryAdd(response.Id, response))
            {
                throw new ArgumentException(
                    $"The id '{response.Id}' occurs twice; ids pair the answers of two models and must be unique.", parameter);
            }
        }

        return byId;
    }

    private static void ThrowIfMissing(
        Dictionary<string, ResponseAssessment> expected, Dictionary<string, ResponseAssessment> found, string parameter)
    {
        string[] missing = [.. expected.Keys.Where(id => !found.ContainsKey(id))];
        if (missing.Length > 0)
        {
            string named = string.Join(", ", missing.Take(NamedAtMost).Select(id => $"'{id}'"));
            throw new ArgumentException(
                $"{missing.Length} of {expected.Count} items have no answer on this side " +
                $"({named}{(missing.Length > NamedAtMost ? ", .." : "")}); " +
                "a paired comparison needs both models on the same items.", parameter);
        }
    }
}
