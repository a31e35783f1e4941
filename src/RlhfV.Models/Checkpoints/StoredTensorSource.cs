using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>Tensors that lie uncompressed in one or more files, which this source owns.</summary>
internal sealed class StoredTensorSource : TensorSource
{
    private readonly IReadOnlyDictionary<string, StoredTensor> _stored;
    private readonly IReadOnlyList<CheckpointFile> _files;
    private bool _disposed;

    public StoredTensorSource(IReadOnlyDictionary<string, StoredTensor> stored, IReadOnlyList<CheckpointFile> files)
    {
        _stored = stored;
        _files = files;
        Tensors = stored.ToDictionary(s => s.Key, s => s.Value.Info, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public override string FileOf(string name) => Find(name).File.Path;

    /// <inheritdoc/>
    public override void ReadInto(string name, Tensor destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ObjectDisposedException.ThrowIf(_disposed, this);
        StoredTensorReader.Read(Find(name), destination);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _disposed = true;
        foreach (var file in _files)
            file.Dispose();
    }

    private StoredTensor Find(string name) => _stored.TryGetValue(name, out var stored) ? stored : throw NoSuchTensor(name);
}
