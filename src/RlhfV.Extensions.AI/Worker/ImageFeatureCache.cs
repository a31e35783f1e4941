using static TorchSharp.torch;

namespace RlhfV.Extensions.AI.Worker;

/// <summary>
/// Features of the pictures used last, so that a conversation's picture is encoded once and not with every question. Belongs to the worker's
/// thread.
/// </summary>
internal sealed class ImageFeatureCache : IDisposable
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    /// <summary>Bytes of all features. May be read from other threads.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gives a picture's features, or null when they are not there. They stay valid until <see cref="Trim"/>.</summary>
    /// <param name="hash">The picture's content hash.</param>
    public Tensor? Find(string hash)
    {
        if (!_entries.TryGetValue(hash, out LinkedListNode<Entry>? node))
            return null;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value.Features;
    }

    /// <summary>Keeps a picture's features; they belong to the cache from now on.</summary>
    /// <param name="hash">The picture's content hash, not there yet.</param>
    /// <param name="features">The features.</param>
    public void Add(string hash, Tensor features)
    {
        _entries.Add(hash, _byUse.AddFirst(new Entry(hash, features)));
        Interlocked.Add(ref _bytes, Size(features));
    }

    /// <summary>Lets go of the pictures that were not used for longest.</summary>
    /// <param name="keep">How many to keep.</param>
    public void Trim(int keep)
    {
        while (_byUse.Count > keep)
        {
            Entry oldest = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _entries.Remove(oldest.Hash);
            Interlocked.Add(ref _bytes, -Size(oldest.Features));
            oldest.Features.Dispose();
        }
    }

    public void Dispose() => Trim(0);

    private static long Size(Tensor features) => features.numel() * features.element_size();

    private readonly record struct Entry(string Hash, Tensor Features);
}
