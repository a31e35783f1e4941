namespace RlhfV.Evaluation;

/// <summary>The evaluation of one response.</summary>
/// <param name="Metrics">The metrics by name.</param>
/// <param name="Diagnostics">What was odd about the input.</param>
public sealed record ResponseEvaluation(
    IReadOnlyDictionary<string, ResponseMetric> Metrics, IReadOnlyList<EvaluationDiagnostic> Diagnostics)
{
    /// <summary>The metric of that name.</summary>
    /// <param name="name">One of the evaluator's names.</param>
    /// <exception cref="KeyNotFoundException">The evaluator has no such metric.</exception>
    public ResponseMetric this[string name] => Metrics[name];
}
