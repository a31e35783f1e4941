using static TorchSharp.torch;

namespace RlhfV.Training.Optimization;

/// <summary>Where a parameter lies in flat buffers.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Start">Its first element.</param>
/// <param name="Shape">Its sizes.</param>
public sealed record FlatPlace(string Name, long Start, IReadOnlyList<long> Shape)
{
    /// <summary>Number of elements.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The parameter's part of a buffer, as a view of its shape.</summary>
    /// <param name="buffer">A buffer of the same layout, <c>[elements]</c>.</param>
    public Tensor In(Tensor buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        using Tensor part = buffer.narrow(0, Start, Length);
        return part.view([.. Shape]);
    }
}
