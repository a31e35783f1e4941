using System.Diagnostics.Metrics;

namespace RlhfV.Extensions.AI.Tests.Support;

/// <summary>Counts the pictures that one client looked for. Meters are the process's: clients of other tests are told apart by their model's name.</summary>
internal sealed class PictureLookups : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _encoded;
    private int _remembered;

    /// <summary>Begins to count.</summary>
    /// <param name="modelId">A name that no other test gives its model.</param>
    public PictureLookups(string modelId)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "rlhfv.image_cache.lookups")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            Dictionary<string, object?> said = tags.ToArray().ToDictionary();
            if (Equals(said["gen_ai.request.model"], modelId))
                Interlocked.Increment(ref (said["rlhfv.image.cached"] is true ? ref _remembered : ref _encoded));
        });
        _listener.Start();
    }

    /// <summary>How many had to be encoded, and how many were remembered.</summary>
    public (int Encoded, int Remembered) Counts => (Volatile.Read(ref _encoded), Volatile.Read(ref _remembered));

    public void Dispose() => _listener.Dispose();
}
