using System.Diagnostics;
using System.Diagnostics.Metrics;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Diagnostics;

/// <summary>
/// Times of one request, as metrics and as spans below the caller's. The caller, the worker and whoever ends the request call it, each of the
/// phases at most once.
/// </summary>
internal sealed class RequestTrace
{
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly ActivityContext _parent = Activity.Current?.Context ?? default;
    private readonly DateTimeOffset _utc;
    private readonly long _begin;
    private int _phase; // 0 waiting, 1 active, 2 over
    private long _started;
    private long _encoded;
    private long _read;

    /// <summary>Begins with the request.</summary>
    /// <param name="modelId">The name under which the model is served.</param>
    /// <param name="time">The clock.</param>
    public RequestTrace(string modelId, TimeProvider time)
    {
        _time = time;
        (_utc, _begin) = (time.GetUtcNow(), time.GetTimestamp());
        _tags =
        [
            new("gen_ai.operation.name", "chat"),
            new("gen_ai.provider.name", RlhfVChatClient.ProviderName),
            new("gen_ai.request.model", modelId),
        ];
        ClientMetrics.Waiting.Add(1, _tags);
    }

    /// <summary>When the request came.</summary>
    public DateTimeOffset CreatedAt => _utc;

    /// <summary>Time since the request came.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_begin);

    /// <summary>The request left the line.</summary>
    public void Started()
    {
        _started = _time.GetTimestamp();
        if (Interlocked.CompareExchange(ref _phase, 1, 0) == 0)
        {
            ClientMetrics.Waiting.Add(-1, _tags);
            ClientMetrics.Active.Add(1, _tags);
        }

        Report("rlhfv.queue", ClientMetrics.QueueDuration, _begin, _started, []);
    }

    /// <summary>One of its pictures was looked for among those remembered.</summary>
    /// <param name="remembered">Whether it was there.</param>
    public void PictureLookedUp(bool remembered) =>
        ClientMetrics.PictureLookups.Add(1, [.. _tags, new("rlhfv.image.cached", remembered)]);

    /// <summary>Its pictures' features are there.</summary>
    /// <param name="pictures">Their number.</param>
    public void PicturesEncoded(int pictures)
    {
        _encoded = _time.GetTimestamp();
        if (pictures > 0)
            Report("rlhfv.image_encode", ClientMetrics.ImageEncodeDuration, _started, _encoded, [new("rlhfv.image.count", pictures)]);
    }

    /// <summary>Its prompt is read and the first token chosen.</summary>
    public void Read()
    {
        _read = _time.GetTimestamp();
        Report("rlhfv.prefill", ClientMetrics.PrefillDuration, _encoded, _read, []);
        ClientMetrics.TimeToFirstToken.Record(_time.GetElapsedTime(_begin, _read).TotalSeconds, _tags);
    }

    /// <summary>Its answer is complete.</summary>
    public void Answered(GenerationResult result)
    {
        int tokens = result.TokenIds.Count;
        long now = _time.GetTimestamp();
        Report(
            "rlhfv.decode", null, _read, now,
            [
                new("gen_ai.usage.input_tokens", result.PromptTokens),
                new("gen_ai.usage.output_tokens", tokens),
                new("gen_ai.response.finish_reasons", (string[])[result.FinishReason == FinishReason.Stop ? "stop" : "length"]),
            ]);
        if (tokens > 1)
            ClientMetrics.TimePerOutputToken.Record(_time.GetElapsedTime(_read, now).TotalSeconds / (tokens - 1), _tags);
    }

    /// <summary>The request is over.</summary>
    /// <param name="error">Why, if not well.</param>
    public void End(Exception? error)
    {
        int phase = Interlocked.Exchange(ref _phase, 2);
        (phase == 0 ? ClientMetrics.Waiting : ClientMetrics.Active).Add(-1, _tags);

        // Of a cancelled request, tasks make an exception of a type of their own or not, as it happens.
        Type? type = error is OperationCanceledException ? typeof(OperationCanceledException) : error?.GetType();
        KeyValuePair<string, object?>[] tags = type is null ? _tags : [.. _tags, new("error.type", type.FullName)];
        ClientMetrics.RequestDuration.Record(Elapsed.TotalSeconds, tags);
    }

    // Spans are written when their phase is over: none is left open on a thread that has gone on to other requests.
    private void Report(
        string span, Histogram<double>? histogram, long from, long to, KeyValuePair<string, object?>[] more)
    {
        histogram?.Record(_time.GetElapsedTime(from, to).TotalSeconds, _tags);
        if (!ClientMetrics.Source.HasListeners())
            return;
        using Activity? activity = ClientMetrics.Source.StartActivity(
            ActivityKind.Internal, _parent, [.. _tags, .. more], startTime: _utc + _time.GetElapsedTime(_begin, from), name: span);
        activity?.SetEndTime((_utc + _time.GetElapsedTime(_begin, to)).UtcDateTime);
    }
}
