using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// An affine map <c>y = x W^T + b</c>. Unlike TorchSharp's, its weights start uninitialised: a checkpoint fills them, or the
/// code that trains from nothing does.
/// </summary>
public sealed class Linear : NamedLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Size of the last dimension of the input.</param>
    /// <param name="outputs">Size of the last dimension of the output.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public Linear(long inputs, long outputs, bool bias)
        : base(nameof(Linear))
    {
        Weight = new Parameter(empty(outputs, inputs));
        Bias = bias ? new Parameter(empty(outputs)) : null;
        register_parameter("weight", Weight);
        if (Bias is not null)
        {
            register_parameter("bias", Bias);
        }
    }

    /// <summary>The weight, <c>[outputs, inputs]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The bias, <c>[outputs]</c>, or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>Changes the result while it is set; null for the layer alone.</summary>
    public LinearAdapter? Adapter { get; set; }

    /// <summary>Adds a product of two small matrices to the weight, computed in fp32: <c>W + scale * B A</c>. In a 16-bit weight this rounds.</summary>
    /// <param name="a">A, <c>[rank, inputs]</c>, fp32.</param>
    /// <param name="b">B, <c>[outputs, rank]</c>, fp32.</param>
    /// <param name="scale">What the product is multiplied with.</param>
    public void AddLowRank(Tensor a, Tensor b, double scale)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Weight.copy_(Weight.to(ScalarType.Float32).Plus(b.matmul(a).Times(scale)));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor output = LinearProduct.Of(input, Weight, Bias);
        return Adapter is { } adapter ? adapter.Adapt(input, output) : output;
    }
}
