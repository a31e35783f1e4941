using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RlhfV.Extensions.AI.Diagnostics;

/// <summary>
/// What a chat client measures: the server metrics of OpenTelemetry's semantic conventions for generative AI, and a few of its own. Client-side spans and
/// metrics come from <c>UseOpenTelemetry</c>.
/// </summary>
internal static class ClientMetrics
{
    public static readonly ActivitySource Source = new(RlhfVChatClient.TelemetryName);

    private static readonly Meter Meter = new(RlhfVChatClient.TelemetryName);

    public static readonly Histogram<double> RequestDuration = Seconds(
        "gen_ai.server.request.duration", "Time from a request to the end of its answer.", 0.01, 2, 14);

    public static readonly Histogram<double> TimeToFirstToken = Seconds(
        "gen_ai.server.time_to_first_token", "Time from a request to its answer's first token.", 0.001, 2, 15);

    public static readonly Histogram<double> TimePerOutputToken = Seconds(
        "gen_ai.server.time_per_output_token", "Mean time between two tokens of an answer, behind the first.", 0.001, 2, 12);

    public static readonly Histogram<double> QueueDuration = Seconds(
        "rlhfv.queue.duration", "Time that a request waited, its pictures being decoded meanwhile.", 0.001, 2, 16);

    public static readonly Histogram<double> ImageEncodeDuration = Seconds(
        "rlhfv.image_encode.duration", "Time that the vision tower took for the pictures of a request, those remembered included.", 0.001, 2, 14);

    public static readonly Histogram<double> PrefillDuration = Seconds(
        "rlhfv.prefill.duration", "Time that reading a request's prompt took, together with those that joined at the same time.", 0.001, 2, 14);

    public static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>(
        "rlhfv.requests.waiting", "{request}", "Requests that wait.");

    public static readonly UpDownCounter<int> Active = Meter.CreateUpDownCounter<int>(
        "rlhfv.requests.active", "{request}", "Requests that are being answered.");

    public static readonly Counter<long> PictureLookups = Meter.CreateCounter<long>(
        "rlhfv.image_cache.lookups", "{image}", "Pictures of requests; the tag rlhfv.image.cached says whether their features were remembered.");

    private static Histogram<double> Seconds(string name, string description, double first, double factor, int count) => Meter.CreateHistogram(
        name,
        "s",
        description,
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [.. Enumerable.Range(0, count).Select(i => first * Math.Pow(factor, i))],
        });
}
