using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Extensions.AI.Tests.Support;

namespace RlhfV.Extensions.AI.Tests.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class TelemetryTests
{
    [Fact]
    public async Task ARequest_WritesItsPhasesBelowTheCallersSpan()
    {
        List<Activity> spans = [];
        using ActivityListener listener = Listen("caller", spans);
        using var caller = new ActivitySource("caller");
        using RlhfVChatClient client = TinyLlava.Client();
        ActivityTraceId trace;
        using (Activity root = caller.StartActivity("root")!)
        {
            trace = root.TraceId;
            await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        }

        Activity[] own = [.. spans.Where(s => s.Source.Name == RlhfVChatClient.TelemetryName)];
        Assert.Equal(["rlhfv.queue", "rlhfv.image_encode", "rlhfv.prefill", "rlhfv.decode"], own.Select(s => s.OperationName));
        Assert.All(own, s => Assert.Equal(trace, s.TraceId));
        Assert.All(own, s => Assert.Equal("checkpoint", s.GetTagItem("gen_ai.request.model")));
        Assert.All(own.Zip(own.Skip(1)), pair => Assert.True(pair.First.StartTimeUtc <= pair.Second.StartTimeUtc));
        Assert.Equal(16, own[^1].GetTagItem("gen_ai.usage.output_tokens"));
        Assert.DoesNotContain(own.SelectMany(s => s.TagObjects), t => t.Value is string text && text.Contains("What is it", StringComparison.Ordinal));
    }

    // Which of the two a caller sees depends on where the request was when it was cancelled; a dashboard counts one thing.
    [Fact]
    public void CancelledRequests_HaveOneErrorType()
    {
        var types = new List<string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == "gen_ai.server.request.duration")
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => types.Add((string?)tags.ToArray().ToDictionary()["error.type"]));
        listener.Start();
        foreach (Exception error in (Exception[])[new OperationCanceledException(), new TaskCanceledException()])
            new RequestTrace("tiny", TimeProvider.System).End(error);
        Assert.Equal(["System.OperationCanceledException", "System.OperationCanceledException"], types);
    }

    // Clients are made by the first request that needs one, whose call is over long before the worker's life is.
    [Fact]
    public async Task ARequest_HasNothingToDoWithTheCallInWhichItsClientWasMade()
    {
        List<Activity> spans = [];
        using ActivityListener listener = Listen("maker", spans);
        using var maker = new ActivitySource("maker");
        RlhfVChatClient made;
        using (maker.StartActivity("first call"))
            made = TinyLlava.Client();
        using RlhfVChatClient client = made;
        Assert.Null(Activity.Current);
        await client.GetResponseAsync(TinyLlava.Ask("What is it?"));

        Activity[] own = [.. spans.Where(s => s.Source.Name == RlhfVChatClient.TelemetryName)];
        Assert.Equal(4, own.Length);
        Assert.All(own, s => Assert.Equal(default, s.ParentSpanId));
    }

    [Fact]
    public async Task Requests_AreMeasured_AndCountedBackToZero()
    {
        var sums = new Dictionary<string, double>();
        var counts = new Dictionary<string, int>();
        var errors = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == RlhfVChatClient.TelemetryName)
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.Start();
        using RlhfVChatClient client = TinyLlava.Client();
        await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        await Assert.ThrowsAsync<Models.Images.ImageFormatException>(
            () => client.GetResponseAsync([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])]));
        while (client.Status.Active > 0)
            await Task.Delay(1);
        lock (sums)
        {
            Assert.Equal(2, counts["gen_ai.server.request.duration"]);
            Assert.All(
                [
                    "gen_ai.server.time_to_first_token", "gen_ai.server.time_per_output_token", "rlhfv.queue.duration", "rlhfv.image_encode.duration",
                    "rlhfv.prefill.duration",
                ],
                name => Assert.Equal(1, counts[name]));
            Assert.Equal((0, 0), (sums["rlhfv.requests.waiting"], sums["rlhfv.requests.active"]));
            Assert.Equal(["RlhfV.Models.Images.ImageFormatException"], errors);
        }

        void Note(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (sums)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
                counts[name] = counts.GetValueOrDefault(name) + 1;
                foreach (KeyValuePair<string, object?> tag in tags)
                {
                    if (tag.Key == "error.type")
                        errors.Add((string)tag.Value!);
                }
            }
        }
    }

    private static ActivityListener Listen(string caller, List<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RlhfVChatClient.TelemetryName || source.Name == caller,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (spans)
                    spans.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
