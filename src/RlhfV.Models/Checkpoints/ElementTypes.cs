using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>The element types that checkpoints hold, with their sizes and the names that the formats give them.</summary>
internal static class ElementTypes
{
    // In the order in which the reference implementation of safetensors lays types out in a file: no type is wider than the one before.
    private static readonly (ScalarType Type, int Size, string Safetensors, string Storage)[] All =
    [
        (ScalarType.Int64, 8, "I64", "LongStorage"),
        (ScalarType.Float64, 8, "F64", "DoubleStorage"),
        (ScalarType.Float32, 4, "F32", "FloatStorage"),
        (ScalarType.Int32, 4, "I32", "IntStorage"),
        (ScalarType.BFloat16, 2, "BF16", "BFloat16Storage"),
        (ScalarType.Float16, 2, "F16", "HalfStorage"),
        (ScalarType.Int16, 2, "I16", "ShortStorage"),
        (ScalarType.Int8, 1, "I8", "CharStorage"),
        (ScalarType.Byte, 1, "U8", "ByteStorage"),
        (ScalarType.Bool, 1, "BOOL", "BoolStorage"),
    ];

    /// <summary>The names that safetensors gives them, for messages.</summary>
    public static string SafetensorsNames { get; } = string.Join(", ", All.Select(t => t.Safetensors));

    /// <summary>The type's place in a safetensors file: lower comes first.</summary>
    /// <exception cref="NotSupportedException">The type is complex or quantised.</exception>
    public static int Rank(ScalarType type) => Array.IndexOf(All, Find(type));

    /// <summary>Bytes of an element.</summary>
    public static int Size(ScalarType type) => Find(type).Size;

    /// <summary>The type's name in safetensors.</summary>
    /// <exception cref="NotSupportedException">The type is complex or quantised.</exception>
    public static string SafetensorsName(ScalarType type) => Find(type).Safetensors;

    /// <summary>The type of a safetensors name, or null.</summary>
    public static ScalarType? FromSafetensors(string name) =>
        Array.Find(All, t => t.Safetensors == name) is { Size: > 0 } found ? found.Type : null;

    /// <summary>The type of a PyTorch storage class, or null.</summary>
    public static ScalarType? FromStorage(string name) =>
        Array.Find(All, t => t.Storage == name) is { Size: > 0 } found ? found.Type : null;

    /// <summary>True for the floating-point types, between which values may be converted.</summary>
    public static bool IsFloatingPoint(ScalarType type) =>
        type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    private static (ScalarType Type, int Size, string Safetensors, string Storage) Find(ScalarType type) =>
        Array.Find(All, t => t.Type == type) is { Size: > 0 } found
            ? found
            : throw new NotSupportedException(
                $"Checkpoints hold no tensors of type {type}. Convert the tensor to a real number type first.");
}
