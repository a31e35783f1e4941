using System.Diagnostics;

namespace RlhfV.Extensions.AI.Tests.Support;

/// <summary>
/// Notes in which order the worker takes requests out of the line. Each request writes its span of waiting on the worker's thread when it leaves the
/// line, below its caller's span; the order in which callers go on afterwards is the thread pool's and says nothing.
/// </summary>
internal sealed class AdmissionOrder : IDisposable
{
    private readonly ActivitySource _callers = new("callers");
    private readonly Dictionary<ActivityTraceId, int> _requests = [];
    private readonly List<ActivityTraceId> _taken = [];
    private readonly ActivityListener _listener;

    public AdmissionOrder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, _callers) || source.Name == RlhfVChatClient.TelemetryName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.OperationName != "rlhfv.queue")
                    return;
                lock (_taken)
                    _taken.Add(span.TraceId);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The numbers of the requests that were taken, in that order; those of other tests' clients are left out.</summary>
    public IReadOnlyList<int> Taken
    {
        get
        {
            lock (_taken)
                return [.. _taken.Where(_requests.ContainsKey).Select(trace => _requests[trace])];
        }
    }

    /// <summary>Begins the caller's span of a request; the request is to be made under it, from the one thread that makes them all.</summary>
    /// <param name="number">The request's number.</param>
    public Activity Begin(int number)
    {
        Activity.Current = null; // A trace of its own for each.
        Activity span = _callers.StartActivity("request")!;
        _requests.Add(span.TraceId, number);
        return span;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _callers.Dispose();
    }
}
