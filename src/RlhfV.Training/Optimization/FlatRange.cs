namespace RlhfV.Training.Optimization;

/// <summary>A stretch of the flat buffers that one group owns.</summary>
/// <param name="Start">First element; a multiple of <see cref="FlatParameters.Alignment"/>.</param>
/// <param name="Length">Number of elements; a multiple of <see cref="FlatParameters.Alignment"/>.</param>
/// <param name="Group">How it is treated.</param>
public readonly record struct FlatRange(long Start, long Length, ParameterGroup Group);
