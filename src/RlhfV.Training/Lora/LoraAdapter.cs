using RlhfV.Models.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Linear = RlhfV.Models.Modules.Linear;

namespace RlhfV.Training.Lora;

/// <summary>
/// The low-rank correction of one affine map. Its weights are fp32 whatever the network's type is: they learn in small steps.
/// </summary>
internal sealed class LoraAdapter : LinearAdapter, IDisposable
{
    private readonly Linear _layer;
    private readonly double _scale;
    private readonly double _dropout;
    private readonly ulong _seed;

    public LoraAdapter(string name, Linear layer, LoraOptions options, ulong seed)
    {
        (Name, _layer, _scale, _dropout, _seed) = (name, layer, options.Alpha / options.Rank, options.Dropout, seed);
        (long outputs, long inputs, Device device) = (layer.Weight.shape[0], layer.Weight.shape[1], layer.Weight.device);
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);

        // PEFT's start: A as PyTorch starts a linear layer, uniform within 1/sqrt(inputs); B zero, so that the model is the base at first.
        Tensor start = rand([options.Rank, inputs], generator: generator).Plus(-0.5).Times(2 / Math.Sqrt(inputs)).to(device);
        A = new Parameter(start);
        B = new Parameter(zeros([outputs, options.Rank], device: device));
        A.DetachFromDisposeScope();
        B.DetachFromDisposeScope();
    }

    /// <summary>Name of the adapted module.</summary>
    public string Name { get; }

    /// <summary>The first map, <c>[rank, inputs]</c>.</summary>
    public Parameter A { get; }

    /// <summary>The second map, <c>[outputs, rank]</c>.</summary>
    public Parameter B { get; }

    /// <summary>Number of the training pass, which decides what is dropped; null outside of training, when nothing is.</summary>
    public long? Pass { get; set; }

    /// <inheritdoc/>
    public override Tensor Adapt(Tensor input, Tensor output)
    {
        using var scope = NewDisposeScope();
        Tensor wide = Drop(input.to(ScalarType.Float32));                                          // [.., inputs]
        Tensor low = nn.functional.linear(wide, A).Times(_scale);                                  // [.., rank]
        return output.Plus(nn.functional.linear(low, B).to(output.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>Puts the layer under the correction, or takes it away.</summary>
    public void Attach(bool attached) => _layer.Adapter = attached ? this : null;

    /// <summary>Adds the correction to the layer's weight, or with a negative sign takes it out again.</summary>
    public void AddToWeight(int sign) => _layer.AddLowRank(A, B, sign * _scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        Attach(false);
        A.Dispose();
        B.Dispose();
    }

    /// <summary>
    /// Drops inputs by a generator of its own, made from seed and pass: no global state is touched, and a layer that is computed again in
    /// the
    /// backward pass drops the same ones.
    /// </summary>
    private Tensor Drop(Tensor input)
    {
        if (Pass is not { } pass || _dropout == 0)
        {
            return input;
        }

        using var generator = new Generator(unchecked(_seed + ((ulong)pass * 0x9E3779B97F4A7C15)));
        Tensor kept = rand(input.shape, generator: generator).ge(tensor((float)_dropout)).to(ScalarType.Float32).to(input.device);
        return input * kept.Times(1 / (1 - _dropout));
    }
}
