using System.Runtime.InteropServices;

namespace RlhfV.Goldens;

/// <summary>One stored tensor.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Dtype">The file's word for the element type: F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL.</param>
/// <param name="Shape">Sizes, outermost first; empty for a single number.</param>
/// <param name="Bytes">The values, little-endian, last dimension running fastest.</param>
public sealed record GoldenTensor(string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The values of a floating-point tensor; exact, except that F64 is rounded to single precision.</summary>
    public float[] ToFloats() => Dtype switch
    {
        "F32" => As<float>().ToArray(),
        "F64" => Convert(As<double>(), value => (float)value),
        "F16" => Convert(As<Half>(), value => (float)value),
        "BF16" => Convert(As<ushort>(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        _ => throw Refuse("floating-point numbers"),
    };

    /// <summary>The values of a floating-point tensor in double precision; always exact.</summary>
    public double[] ToDoubles() => Dtype == "F64" ? As<double>().ToArray() : Convert<float, double>(ToFloats(), value => value);

    /// <summary>The values of an integer or boolean tensor.</summary>
    public long[] ToLongs() => Dtype switch
    {
        "I64" => As<long>().ToArray(),
        "I32" => Convert(As<int>(), value => (long)value),
        "I16" => Convert(As<short>(), value => (long)value),
        "I8" => Convert(As<sbyte>(), value => (long)value),
        "U8" or "BOOL" => Convert(Bytes.Span, value => (long)value),
        _ => throw Refuse("integers"),
    };

    /// <summary>The values of an 8-bit unsigned or boolean tensor.</summary>
    public byte[] ToBytes() => Dtype is "U8" or "BOOL" ? Bytes.ToArray() : throw Refuse("bytes");

    private ReadOnlySpan<T> As<T>()
        where T : struct => MemoryMarshal.Cast<byte, T>(Bytes.Span);

    private static TResult[] Convert<T, TResult>(ReadOnlySpan<T> values, Func<T, TResult> convert)
    {
        var result = new TResult[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = convert(values[i]);
        }

        return result;
    }

    private InvalidOperationException Refuse(string wanted) => new($"Tensor '{Name}' holds {Dtype}, not {wanted}.");
}
