using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// Arithmetic of tensors with numbers, safe under garbage collection.
/// </summary>
/// <remarks>
/// TorchSharp 0.107 wraps every number, and the factor 1 that the sum of two tensors carries, in a <see cref="Scalar"/> with a finalizer,
/// and does
/// not keep it alive during the native call. When another thread triggers a collection meanwhile, the finalizer frees the number under the
/// running kernel: a wrong result, an error about scalar types, or a crash. Here each scalar outlives its call. Product code uses these
/// methods
/// instead of TorchSharp's operators with numbers and instead of <c>+</c> between tensors.
/// </remarks>
#pragma warning disable RS0030 // the one place where scalars are made, and kept alive
public static class TensorMath
{
    private static readonly Scalar One = 1;

    /// <summary>Sum of two tensors.</summary>
    /// <param name="left">First summand.</param>
    /// <param name="right">Second summand, same or broadcastable shape.</param>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>Sum with a number.</summary>
    /// <param name="left">The tensor.</param>
    /// <param name="right">The number.</param>
    public static Tensor Plus(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.add(number, One);
    }

    /// <summary>Sum with a whole number; an integer tensor stays one.</summary>
    /// <param name="left">The tensor.</param>
    /// <param name="right">The number.</param>
    public static Tensor Plus(this Tensor left, long right)
    {
        using Scalar number = right;
        return left.add(number, One);
    }

    /// <summary>Product with a number.</summary>
    /// <param name="left">The tensor.</param>
    /// <param name="right">The number.</param>
    public static Tensor Times(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.mul(number);
    }

    /// <summary>Square, element by element.</summary>
    /// <param name="tensor">The tensor.</param>
    public static Tensor Squared(this Tensor tensor) => tensor.mul(tensor);

    /// <summary>Where the tensor equals a number.</summary>
    /// <param name="left">The tensor.</param>
    /// <param name="right">The number.</param>
    /// <returns>Bool, same shape.</returns>
    public static Tensor EqualTo(this Tensor left, long right)
    {
        using Scalar number = right;
        return left.eq(number);
    }

    /// <summary>Not less than a number.</summary>
    /// <param name="left">The tensor.</param>
    /// <param name="least">The number.</param>
    public static Tensor AtLeast(this Tensor left, long least)
    {
        using Scalar number = least;
        return left.clamp_min(number);
    }

    /// <summary>The tensor with a number in the masked places.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="mask">Bool, same or broadcastable shape.</param>
    /// <param name="value">The number.</param>
    public static Tensor Filled(this Tensor tensor, Tensor mask, double value)
    {
        using Scalar number = value;
        return tensor.masked_fill(mask, number);
    }

    /// <summary>Multiplies in place.</summary>
    /// <param name="tensor">Changed by the call.</param>
    /// <param name="factor">The number.</param>
    public static void Scale(this Tensor tensor, double factor)
    {
        using Scalar number = factor;
        tensor.mul_(number);
    }

    /// <summary>Adds a multiple of another tensor in place: <c>tensor += factor * other</c>.</summary>
    /// <param name="tensor">Changed by the call.</param>
    /// <param name="other">Same shape.</param>
    /// <param name="factor">The number.</param>
    public static void Add(this Tensor tensor, Tensor other, double factor = 1)
    {
        using Scalar number = factor;
        tensor.add_(other, number);
    }
}
