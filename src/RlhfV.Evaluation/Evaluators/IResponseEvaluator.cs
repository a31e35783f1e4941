using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>
/// Evaluates one response at a time, as a unit test or a monitor of a running service does. The shape is that of
/// Microsoft.Extensions.AI.Evaluation's
/// <c>IEvaluator</c>, so that an adapter is a few lines: names published up front, bad input as diagnostics instead of exceptions.
/// </summary>
public interface IResponseEvaluator
{
    /// <summary>Names of the metrics that every evaluation holds.</summary>
    IReadOnlyCollection<string> MetricNames { get; }

    /// <summary>Evaluates a response.</summary>
    /// <param name="messages">What was asked.</param>
    /// <param name="response">What was answered.</param>
    /// <param name="context">What is known about the picture, for example <see cref="ObjectsShownContext"/>; null for nothing.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <returns>All metrics of <see cref="MetricNames"/>; one that cannot be told has no value and says why.</returns>
    ValueTask<ResponseEvaluation> EvaluateAsync(
        IEnumerable<ChatMessage> messages, ChatResponse response, IEnumerable<IResponseContext>? context = null,
        CancellationToken cancellationToken = default);
}
