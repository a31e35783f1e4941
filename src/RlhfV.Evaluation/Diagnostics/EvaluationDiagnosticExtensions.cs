namespace RlhfV.Evaluation;

/// <summary>Sums up diagnostics.</summary>
public static class EvaluationDiagnosticExtensions
{
    /// <summary>How many diagnostics there are of each kind: the totals of what was left out, or scored without being understood.</summary>
    /// <param name="diagnostics">The diagnostics of a result or a file.</param>
    /// <returns>Codes (<see cref="DiagnosticCode"/>) and counts, in the order of the codes.</returns>
    public static IReadOnlyDictionary<string, int> Totals(this IEnumerable<EvaluationDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        return new SortedDictionary<string, int>(
            diagnostics.GroupBy(diagnostic => diagnostic.Code).ToDictionary(kind => kind.Key, kind => kind.Count()), StringComparer.Ordinal);
    }
}
