using static TorchSharp.torch;

namespace RlhfV.Training.Pictures;

/// <summary>
/// Holds features of pictures in memory: all of them, or those used last where the others can be read from disk again.
/// </summary>
/// <param name="capacity">Most bytes to hold; null for no limit.</param>
internal sealed class FeatureMemory(long? capacity) : IDisposable
{
    private readonly Dictionary<string, LinkedListNode<(string Key, Tensor Features)>> _places = [];
    private readonly LinkedList<(string Key, Tensor Features)> _used = [];
    private long _bytes;

    /// <summary>Number of pictures whose features are held.</summary>
    public int Count => _places.Count;

    /// <summary>Whether the features of a picture are held.</summary>
    public bool Contains(string key) => _places.ContainsKey(key);

    /// <summary>The features of a picture, or null. They belong to this object.</summary>
    public Tensor? Find(string key)
    {
        if (!_places.TryGetValue(key, out LinkedListNode<(string Key, Tensor Features)>? place))
        {
            return null;
        }

        _used.Remove(place);
        _used.AddLast(place);
        return place.Value.Features;
    }

    /// <summary>Holds features; those that were not used for longest make room.</summary>
    /// <param name="key">The picture.</param>
    /// <param name="features">Owned from now on.</param>
    public void Add(string key, Tensor features)
    {
        features = features.DetachFromDisposeScope();
        _places.Add(key, _used.AddLast((key, features)));
        _bytes += BytesOf(features);
        while (_bytes > capacity && _used.Count > 1)
        {
            (string oldest, Tensor gone) = _used.First!.Value;
            _used.RemoveFirst();
            _places.Remove(oldest);
            _bytes -= BytesOf(gone);
            gone.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor features) in _used)
        {
            features.Dispose();
        }
    }

    private static long BytesOf(Tensor features) => features.numel() * features.element_size();
}
