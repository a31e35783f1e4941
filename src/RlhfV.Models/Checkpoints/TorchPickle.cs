using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// The names that a pickled dictionary of tensors uses: the storage classes, <c>torch._utils._rebuild_tensor_v2</c>,
/// <c>torch._utils._rebuild_parameter</c> and <c>collections.OrderedDict</c>. Every other name is refused, whatever it is.
/// </summary>
/// <param name="locate">Gives the bytes of the storage with a key: where they begin in the file, and how many they are.</param>
/// <param name="file">The file that holds the storages.</param>
internal sealed class TorchPickle(Func<string, (long Offset, long Length)> locate, CheckpointFile file) : IPickleObjects
{
    private const int MostDimensions = 64;

    private enum Function
    {
        RebuildTensor,
        RebuildParameter,
        OrderedDictionary,
    }

    /// <inheritdoc/>
    public object Global(string name) => name switch
    {
        "torch._utils._rebuild_tensor_v2" => Function.RebuildTensor,
        "torch._utils._rebuild_parameter" => Function.RebuildParameter,
        "collections.OrderedDict" => Function.OrderedDictionary,
        _ when name.StartsWith("torch.", StringComparison.Ordinal) && ElementTypes.FromStorage(name["torch.".Length..]) is { } type => type,
        _ => throw Invalid($"it asks for '{name}', which is not a part of a tensor and is never run"),
    };

    /// <inheritdoc/>
    public object Persistent(object? id)
    {
        if (id is not object?[] { Length: 5 } parts || parts is not ["storage", ScalarType type, string key, string, long count])
            throw Invalid("it refers to something else than a storage");
        var (offset, length) = locate(key);
        if (count < 0 || count > length / ElementTypes.Size(type))
            throw Invalid($"its storage '{key}' should hold {count} elements of {type}, but has {length} bytes");
        return new Storage(type, offset, count);
    }

    /// <inheritdoc/>
    public object? Call(object? callable, object?[] arguments) => (callable, arguments) switch
    {
        (Function.OrderedDictionary, []) => new PickleDictionary(),
        // Newer releases of PyTorch add a seventh argument, metadata, which is not needed.
        (Function.RebuildTensor, [Storage storage, long offset, object?[] size, object?[] stride, bool, PickleDictionary, ..])
            when arguments.Length <= 7 =>
            Rebuild(storage, offset, Numbers(size), Numbers(stride)),
        (Function.RebuildParameter, [PickledTensor tensor, bool, PickleDictionary]) => tensor,
        (Function function, _) => throw Invalid($"it calls {function} with arguments that do not belong to it"),
        _ => throw Invalid("it calls something that is not a function"),
    };

    /// <summary>The dictionary that the stream described, as stored tensors.</summary>
    /// <exception cref="ModelFormatException">It is something else than a dictionary from names to tensors.</exception>
    public IReadOnlyDictionary<string, StoredTensor> ToTensors(object? root)
    {
        if (root is not PickleDictionary dictionary)
            throw Invalid("it does not describe a dictionary of tensors");

        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is not string name)
                throw Invalid("it has a key that is no name");
            if (value is not PickledTensor tensor)
                throw Invalid(
                    $"'{name}' is not a tensor, expected a dictionary of tensors, not the state of an optimizer or trainer");
            var info = new TensorInfo(name, tensor.Storage.Type, tensor.Size);
            // As in Python, the last of several equal keys counts.
            long start = tensor.Storage.Offset + (tensor.Offset * ElementTypes.Size(info.Type));
            tensors[name] = new StoredTensor(info, file, start, tensor.Stride);
        }

        return tensors;
    }

    private PickledTensor Rebuild(Storage storage, long offset, long[] size, long[] stride)
    {
        if (size.Length != stride.Length || size.Length > MostDimensions || offset < 0 || size.Any(s => s < 0) || stride.Any(s => s < 0))
            throw Invalid($"a tensor has sizes [{string.Join(", ", size)}], strides [{string.Join(", ", stride)}] and begins at {offset}");

        Int128 count = 1, last = offset;
        for (int i = 0; i < size.Length; i++)
        {
            count *= Math.Max(size[i], 1);
            last += (Int128)Math.Max(size[i] - 1, 0) * stride[i];
            // More elements than the storage has (an expanded tensor) would let a small file ask for any amount of memory.
            if (count > Math.Max(storage.Count, 1) || last > storage.Count)
                break;
        }

        bool empty = size.Contains(0);
        if (count > Math.Max(storage.Count, 1) || (!empty && last >= storage.Count))
            throw Invalid($"a tensor of [{string.Join(", ", size)}] reaches beyond its storage of {storage.Count} elements");
        return new PickledTensor(storage, empty ? 0 : offset, size, empty || IsContiguous(size, stride) ? null : stride);
    }

    private static bool IsContiguous(long[] size, long[] stride)
    {
        long expected = 1;
        for (int i = size.Length - 1; i >= 0; i--)
        {
            if (size[i] != 1 && stride[i] != expected)
                return false;
            expected *= size[i];
        }

        return true;
    }

    private long[] Numbers(object?[] values) =>
        values.All(v => v is long) ? [.. values.Cast<long>()] : throw Invalid("a tensor has sizes or strides that are no numbers");

    private ModelFormatException Invalid(string found) =>
        new($"'{file.Path}' is not a usable PyTorch checkpoint: {found}. Save the weights alone, best as safetensors.");

    private sealed record Storage(ScalarType Type, long Offset, long Count);

    private sealed record PickledTensor(Storage Storage, long Offset, long[] Size, long[]? Stride);
}
