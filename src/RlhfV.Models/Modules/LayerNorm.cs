using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>Layer norm over the last dimension, with scale and shift.</summary>
public sealed class LayerNorm : NamedLayer
{
    private readonly long[] _shape;
    private readonly double _epsilon;

    /// <summary>Makes the norm.</summary>
    /// <param name="size">Size of the last dimension.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNorm(long size, double epsilon)
        : base(nameof(LayerNorm))
    {
        _shape = [size];
        _epsilon = epsilon;
        Weight = new Parameter(empty(size));
        Bias = new Parameter(empty(size));
        register_parameter("weight", Weight);
        register_parameter("bias", Bias);
    }

    /// <summary>The scale, <c>[size]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The shift, <c>[size]</c>.</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, _shape, Weight, Bias, _epsilon);
}
