using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Training.Examples;
using static TorchSharp.torch;

namespace RlhfV.Training.Pictures;

/// <summary>
/// Gives batches the features of their pictures. The features of a frozen vision tower are computed once per picture and kept; a tower
/// that learns sees the pixels in every step. Either way a picture that several pairs of a batch share is encoded once.
/// </summary>
/// <param name="network">The network whose tower and connector are used.</param>
/// <param name="towerFrozen">Whether the tower's features can be kept.</param>
/// <param name="disk">Where features are kept for all epochs and for a continued run; null keeps them in memory only.</param>
internal sealed class PictureStore(VisionLanguageNetwork network, bool towerFrozen, FeatureCache? disk = null) : IDisposable
{
    /// <summary>Bytes of features in memory where the disk has all of them.</summary>
    public const long MemoryBesideDisk = 1L << 30;

    private const int TowerBatch = 16;

    private readonly FeatureMemory _features = new(disk is null ? null : MemoryBesideDisk);
    private readonly List<(string Key, ProcessedImage Image)> _waiting = [];
    private readonly HashSet<string> _waitingKeys = [];

    /// <summary>Number of pictures whose features are in memory.</summary>
    public int Kept => _features.Count;

    /// <summary>Offers a picture that was just preprocessed, so that a frozen tower need not ask for it again.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="image">Its pixels.</param>
    public void Offer(ExamplePicture picture, ProcessedImage image)
    {
        if (!towerFrozen || _waitingKeys.Contains(picture.Key) || IsKept(picture.Key))
        {
            return;
        }

        _waitingKeys.Add(picture.Key);
        _waiting.Add((picture.Key, image));
        if (_waiting.Count == TowerBatch)
        {
            EncodeWaiting();
        }
    }

    /// <summary>Projected features of pictures.</summary>
    /// <param name="order">The pictures in the order in which their tokens stand in a batch.</param>
    /// <returns><c>[image tokens of all of them, hidden]</c>, or null when there is none.</returns>
    public Tensor? Project(IReadOnlyList<ExamplePicture> order)
    {
        if (order.Count == 0)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> features = towerFrozen ? Frozen(order) : Encode([.. Pixels(order)]);
        string[] keys = [.. features.Keys];
        IReadOnlyList<Tensor> each = network.ProjectImages([.. keys.Select(key => features[key])]);          // [image tokens, hidden]
        Dictionary<string, Tensor> projected = keys.Zip(each).ToDictionary(pair => pair.First, pair => pair.Second);
        return cat([.. order.Select(picture => projected[picture.Key])], 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _features.Dispose();

    private static IEnumerable<(string Key, ProcessedImage Image)> Pixels(IEnumerable<ExamplePicture> pictures) =>
        pictures.DistinctBy(picture => picture.Key).Select(picture => (picture.Key, picture.Process()));

    private Dictionary<string, Tensor> Frozen(IReadOnlyList<ExamplePicture> order)
    {
        // Pictures that were offered are encoded together, in groups that only their order decides; others alone. Which pictures share a
        // pass changes the last bits of their features, and a resumed run must find the features of the first one.
        EncodeWaiting();
        var found = new Dictionary<string, Tensor>();
        foreach (ExamplePicture picture in order.DistinctBy(picture => picture.Key))
        {
            if (!IsKept(picture.Key))
            {
                Keep([(picture.Key, picture.Process())]);
            }

            // An alias of its own, for the next picture may push this one out of memory.
            found.Add(picture.Key, _features.Find(picture.Key)!.alias());
        }

        return found;
    }

    /// <summary>Whether the features of a picture are in memory, where they are brought from disk if need be.</summary>
    private bool IsKept(string key)
    {
        if (_features.Contains(key))
        {
            return true;
        }

        using var scope = NewDisposeScope();
        if (disk?.Load(key, network.parameters().First().device) is not { } stored)
        {
            return false;
        }

        _features.Add(key, stored);
        return true;
    }

    private void EncodeWaiting()
    {
        if (_waiting.Count > 0)
        {
            Keep(_waiting);
            _waiting.Clear();
            _waitingKeys.Clear();
        }
    }

    private void Keep(IReadOnlyList<(string Key, ProcessedImage Image)> pictures)
    {
        // no_grad and not inference mode: the connector learns from these features, and inference tensors cannot be part of a graph.
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        foreach ((string key, Tensor feature) in Encode(pictures))
        {
            // A copy, for the slice would keep the whole batch alive.
            disk?.Save(key, feature);
            _features.Add(key, feature.clone());
        }
    }

    private Dictionary<string, Tensor> Encode(IReadOnlyList<(string Key, ProcessedImage Image)> pictures)
    {
        IReadOnlyList<Tensor> features = network.EncodeImages([.. pictures.Select(picture => picture.Image)]);
        return pictures.Zip(features).ToDictionary(pair => pair.First.Key, pair => pair.Second);
    }
}
