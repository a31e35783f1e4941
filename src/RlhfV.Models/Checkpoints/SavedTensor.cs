using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>A tensor that is about to be written, with the type it is to have in the file.</summary>
internal sealed record SavedTensor(TensorInfo Info, Tensor Tensor)
{
    /// <summary>
    /// Lists tensors in the order in which they are written, that of the reference implementation: wide types first, so that every tensor
    /// lies at a multiple of its element size, then by name.
    /// </summary>
    /// <exception cref="ArgumentException">A name is empty, reserved or given twice.</exception>
    /// <exception cref="NotSupportedException">A tensor is complex or quantised.</exception>
    public static IReadOnlyList<SavedTensor> List(IEnumerable<KeyValuePair<string, Tensor>> tensors, ScalarType? storeAs)
    {
        if (storeAs is { } wanted && !ElementTypes.IsFloatingPoint(wanted))
            throw new ArgumentException($"Tensors can be stored as a floating-point type, not as {wanted}.", nameof(storeAs));

        var names = new HashSet<string>(StringComparer.Ordinal);
        var list = new List<SavedTensor>();
        foreach (var (name, tensor) in tensors)
        {
            if (string.IsNullOrEmpty(name) || name == "__metadata__")
                throw new ArgumentException($"A tensor cannot be named '{name}' in a checkpoint.", nameof(tensors));
            if (!names.Add(name))
                throw new ArgumentException($"The tensor '{name}' is given twice.", nameof(tensors));
            var type = storeAs is { } target && ElementTypes.IsFloatingPoint(tensor.dtype) ? target : tensor.dtype;
            _ = ElementTypes.SafetensorsName(type);
            list.Add(new SavedTensor(new TensorInfo(name, type, tensor.shape), tensor));
        }

        return [.. list.OrderBy(t => ElementTypes.Rank(t.Info.Type)).ThenBy(t => t.Info.Name, StringComparer.Ordinal)];
    }
}
