using System.Numerics;
using System.Runtime.InteropServices;

namespace RlhfV.Training.Optimization;

/// <summary>
/// AdamW over plain memory, several numbers at a time. All spans have equal lengths, a multiple of the vector width. The order of
/// operations is PyTorch's, so results agree with it to the last bits.
/// </summary>
internal static class FusedAdamW
{
    /// <summary>One step; leaves the gradients zero.</summary>
    public static void Step(Span<float> values, Span<float> gradients, Span<float> means, Span<float> variances, in AdamWStep step)
    {
        Span<Vector<float>> value = MemoryMarshal.Cast<float, Vector<float>>(values);
        Span<Vector<float>> gradient = MemoryMarshal.Cast<float, Vector<float>>(gradients)[..value.Length];
        Span<Vector<float>> mean = MemoryMarshal.Cast<float, Vector<float>>(means)[..value.Length];
        Span<Vector<float>> variance = MemoryMarshal.Cast<float, Vector<float>>(variances)[..value.Length];
        var beta2 = new Vector<float>((float)step.Beta2);
        var rest1 = new Vector<float>((float)(1 - step.Beta1));
        var rest2 = new Vector<float>((float)(1 - step.Beta2));
        var scale = new Vector<float>((float)step.GradientScale);
        var epsilon = new Vector<float>((float)step.Epsilon);
        var keep = new Vector<float>((float)step.Keep);
        var size = new Vector<float>((float)-step.Size);
        var correction = new Vector<float>((float)step.VarianceCorrection);
        for (int i = 0; i < value.Length; i++)
        {
            Vector<float> g = gradient[i] * scale;
            Vector<float> m = Vector.FusedMultiplyAdd(rest1, g - mean[i], mean[i]);
            Vector<float> v = Vector.FusedMultiplyAdd(g * g, rest2, variance[i] * beta2);
            Vector<float> root = Vector.SquareRoot(v) / correction + epsilon;
            value[i] = Vector.FusedMultiplyAdd(size, m / root, value[i] * keep);
            mean[i] = m;
            variance[i] = v;
            gradient[i] = Vector<float>.Zero;
        }
    }

    /// <summary>Sum of squares, added up in double precision.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<double> sum = Vector<double>.Zero;
        foreach (Vector<float> vector in vectors)
        {
            Vector.Widen(vector, out Vector<double> low, out Vector<double> high);
            sum = Vector.FusedMultiplyAdd(low, low, sum);
            sum = Vector.FusedMultiplyAdd(high, high, sum);
        }

        return Vector.Sum(sum);
    }
}
