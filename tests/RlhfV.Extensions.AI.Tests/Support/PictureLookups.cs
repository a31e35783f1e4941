using System.Diagnostics.Metrics;

namespace RlhfV.Extensions.AI.Tests.Support;

/// <summary>Counts how often a picture's features were remembered, for measurements taken by this test's requests.</summary>
internal sealed class PictureLookups : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _remembered;

    public PictureLookups()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "rlhfv.image_cache.lookups")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag is { Key: "rlhfv.image.cached", Value: true })
                    Interlocked.Increment(ref _remembered);
            }
        });
        _listener.Start();
    }

    public int Remembered => _remembered;

    public void Dispose() => _listener.Dispose();
}
