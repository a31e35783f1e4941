namespace RlhfV.Extensions.AI;

/// <summary>Element type of a model's weights and computation.</summary>
public enum ModelPrecision
{
    /// <summary>The device decides: <see cref="Float32"/> on CPU, <see cref="BFloat16"/> on CUDA.</summary>
    Auto,

    /// <summary>32 bits, 4 bytes per weight.</summary>
    Float32,

    /// <summary>Brain floating point, 2 bytes per weight; about a hundred times slower than <see cref="Float32"/> on CPU.</summary>
    BFloat16,

    /// <summary>IEEE half precision, 2 bytes per weight; about a hundred times slower than <see cref="Float32"/> on CPU.</summary>
    Float16,
}
