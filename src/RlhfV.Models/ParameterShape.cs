namespace RlhfV.Models;

/// <summary>A parameter of a network without its values.</summary>
/// <param name="Name">Its name in <c>named_parameters()</c>.</param>
/// <param name="Part">The part of the model it belongs to.</param>
/// <param name="Shape">Its sizes.</param>
public sealed record ParameterShape(string Name, NetworkPart Part, IReadOnlyList<long> Shape)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether it is the weight of an affine map, which low-rank corrections can be added to.</summary>
    public bool IsLinear { get; init; }
}
