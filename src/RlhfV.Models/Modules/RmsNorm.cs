using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// Root mean square norm: <c>w * (x * rsqrt(mean(x^2) + eps))</c>, the mean in fp32, cast back before the product with w.
/// </summary>
public sealed class RmsNorm : NamedLayer
{
    private readonly double _epsilon;

    /// <summary>Makes the norm.</summary>
    /// <param name="size">Size of the last dimension.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public RmsNorm(long size, double epsilon)
        : base(nameof(RmsNorm))
    {
        _epsilon = epsilon;
        Weight = new Parameter(empty(size));
        register_parameter("weight", Weight);
    }

    /// <summary>The scale, <c>[size]</c>.</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor x = input.to(ScalarType.Float32);
        Tensor scale = rsqrt(x.Squared().mean([-1], keepdim: true).Plus(_epsilon));
        return ((x * scale).to(input.dtype) * Weight).MoveToOuterDisposeScope();
    }
}
