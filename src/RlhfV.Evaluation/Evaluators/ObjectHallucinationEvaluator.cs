using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>
/// Tells whether a response names objects that its picture does not show, by words alone: no model, no network, the same answer every time.
/// Needs an
/// <see cref="ObjectsShownContext"/>.
/// </summary>
public sealed class ObjectHallucinationEvaluator : IResponseEvaluator
{
    /// <summary>Name of the yes-or-no metric: does the response name an object that is not there?</summary>
    public const string HallucinatesMetric = "Hallucinates Object";

    /// <summary>Name of the numeric metric: mentions of objects that are not there / mentions.</summary>
    public const string MentionRateMetric = "Hallucinated Mentions";

    /// <summary>Name of the numeric metric: classes named correctly / classes shown.</summary>
    public const string RecallMetric = "Object Recall";

    private readonly ObjectReader _reader;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="vocabulary">The objects looked for; null for COCO's.</param>
    public ObjectHallucinationEvaluator(ObjectVocabulary? vocabulary = null) => _reader = new(vocabulary ?? ObjectVocabulary.Coco);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> MetricNames { get; } = [HallucinatesMetric, MentionRateMetric, RecallMetric];

    /// <inheritdoc/>
    public ValueTask<ResponseEvaluation> EvaluateAsync(
        IEnumerable<ChatMessage> messages, ChatResponse response, IEnumerable<IResponseContext>? context = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(response);
        cancellationToken.ThrowIfCancellationRequested();
        return new(
            context?.OfType<ObjectsShownContext>().FirstOrDefault() is { } shown ? Evaluate(messages, response, shown) : WithoutContext());
    }

    private ResponseEvaluation Evaluate(IEnumerable<ChatMessage> messages, ChatResponse response, ObjectsShownContext shown)
    {
        const string Item = "response";
        ObjectTruth truth = ObjectTruth.From([KeyValuePair.Create<string, IEnumerable<string>>(Item, shown.Objects)], _reader.Vocabulary);
        var score = new ObjectScore
        {
            Answer = new() { ImageId = Item, Question = messages.LastOrDefault()?.Text ?? "", Text = response.Text },
            Response = response.Text,
            Words = [],
            Mentions = _reader.Read(response.Text).Mentions,
            Truth = truth.Images[Item],
        };
        List<EvaluationDiagnostic> diagnostics = [.. truth.Diagnostics];
        if (string.IsNullOrWhiteSpace(response.Text))
        {
            diagnostics.Add(new(DiagnosticCode.EmptyAnswer, "", "The response is empty."));
        }

        string[] wrong = [.. score.Hallucinated.Select(mention => mention.Word).Distinct()];
        string[] missed = [.. score.Truth.Except(score.Mentions.Select(mention => mention.Class)).Order(StringComparer.Ordinal)];
        return Of(
            diagnostics,
            new(HallucinatesMetric)
            {
                Flag = wrong.Length > 0,
                Reason = wrong.Length > 0 ? $"Named but not shown: {string.Join(", ", wrong)}." : "Everything named is shown.",
            },
            new(MentionRateMetric)
            {
                Number = score.Mentions.Count > 0 ? score.MentionRate : null,
                Reason = score.Mentions.Count > 0 ? null : "The response names no object.",
            },
            new(RecallMetric)
            {
                Number = score.Truth.Count > 0 ? score.Recall : null,
                Reason = score.Truth.Count == 0 ? "The picture shows no object." : missed.Length > 0
                    ? $"Not named: {string.Join(", ", missed)}." : null,
            });
    }

    private ResponseEvaluation WithoutContext()
    {
        const string Reason = "It is not known what the picture shows; pass an ObjectsShownContext.";
        return Of(
            [new(DiagnosticCode.MissingTruth, "", Reason)],
            [.. MetricNames.Select(name => new ResponseMetric(name) { Reason = Reason })]);
    }

    private static ResponseEvaluation Of(IReadOnlyList<EvaluationDiagnostic> diagnostics, params ResponseMetric[] metrics) =>
        new(metrics.ToDictionary(metric => metric.Name, StringComparer.Ordinal), diagnostics);
}
