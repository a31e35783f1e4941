using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>SwiGLU feed-forward: <c>down(silu(gate(x)) * up(x))</c>.</summary>
public sealed class GatedFeedForward : NamedLayer
{
    private readonly Linear _gate;
    private readonly Linear _up;
    private readonly Linear _down;

    /// <summary>Makes the block.</summary>
    /// <param name="hidden">Width outside.</param>
    /// <param name="inner">Width inside.</param>
    /// <param name="bias">Whether the projections have biases.</param>
    public GatedFeedForward(long hidden, long inner, bool bias = false)
        : base(nameof(GatedFeedForward))
    {
        _gate = new Linear(hidden, inner, bias);
        _up = new Linear(hidden, inner, bias);
        _down = new Linear(inner, hidden, bias);
        register_module("gate_proj", _gate);
        register_module("up_proj", _up);
        register_module("down_proj", _down);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _down.call(nn.functional.silu(_gate.call(input)) * _up.call(input)).MoveToOuterDisposeScope();
    }
}
