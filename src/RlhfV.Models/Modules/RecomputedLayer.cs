using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// A decoder layer that keeps only its input for the backward pass and runs again there (arXiv 1604.06174): about a third more arithmetic
/// for a small part of the memory. Gradients of the layer's parameters are added by the inner backward pass.
/// </summary>
internal sealed class RecomputedLayer : autograd.SingleTensorFunction<RecomputedLayer>
{
    private const string Layer = "layer";

    /// <inheritdoc/>
    public override string Name => nameof(RecomputedLayer);

    /// <summary>Runs the layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">Hidden states that a gradient reaches; autograd calls a function back only if one of its inputs asks for it.</param>
    /// <param name="angles">Rotary angles of the tokens.</param>
    /// <param name="mask">Additive attention mask, or null for causal order.</param>
    public static Tensor Run(DecoderLayer layer, Tensor x, RotaryEmbedding.Angles angles, Tensor? mask) =>
        apply(layer, x, angles.Cosine, angles.Sine, mask!);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var layer = (DecoderLayer)vars[0];
        Tensor[] tensors = [.. vars.Skip(1).Cast<Tensor>()];
        ctx.save_data(Layer, layer);
        ctx.save_for_backward([.. tensors]);
        return Run(layer, tensors[0], tensors);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        using (enable_grad())
        {
            Tensor x = saved[0].detach().requires_grad_();
            Tensor y = Run((DecoderLayer)ctx.get_data(Layer), x, saved);
            y.backward([grad_output]);
            return [null!, x.grad!.MoveToOuterDisposeScope(), null!, null!, null!];
        }
    }

    private static Tensor Run(DecoderLayer layer, Tensor x, IReadOnlyList<Tensor> tensors) =>
        layer.Run(x, new RotaryEmbedding.Angles(tensors[1], tensors[2]), tensors[3], cache: null);
}
