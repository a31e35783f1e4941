using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>What a checkpoint says of one of its tensors.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Type">The element type in which it is stored.</param>
/// <param name="Shape">Its sizes, outermost first; empty for a single number.</param>
public sealed record TensorInfo(string Name, ScalarType Type, IReadOnlyList<long> Shape)
{
    /// <summary>The number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The bytes that the elements take as they are stored.</summary>
    public long ByteCount => Count * ElementTypes.Size(Type);
}
