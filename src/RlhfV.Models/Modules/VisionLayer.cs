using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// One layer of a CLIP or SigLIP vision transformer: attention of all patches of a picture to all, then a feed-forward block, both behind
/// their layer norm, both added to the residual stream; every projection has a bias.
/// </summary>
internal sealed class VisionLayer : NamedLayer
{
    private readonly long _heads;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Linear _query, _key, _value, _output, _first, _second;
    private readonly LayerNorm _attentionNorm, _feedForwardNorm;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">Width of the residual stream.</param>
    /// <param name="inner">Width inside the feed-forward block.</param>
    /// <param name="heads">Number of attention heads; divides <paramref name="width"/>.</param>
    /// <param name="epsilon">Epsilon of the layer norms.</param>
    /// <param name="activation">The feed-forward block's activation; its tensors live in the caller's scope.</param>
    public VisionLayer(long width, long inner, long heads, double epsilon, Func<Tensor, Tensor> activation)
        : base(nameof(VisionLayer))
    {
        (_heads, _activation) = (heads, activation);
        (_query, _key, _value, _output) = (new(width, width, true), new(width, width, true), new(width, width, true), new(width, width, true));
        (_first, _second) = (new(width, inner, true), new(inner, width, true));
        (_attentionNorm, _feedForwardNorm) = (new(width, epsilon), new(width, epsilon));
        var attention = new Scope("self_attn");
        attention.Add("q_proj", _query);
        attention.Add("k_proj", _key);
        attention.Add("v_proj", _value);
        attention.Add("out_proj", _output);
        var feedForward = new Scope("mlp");
        feedForward.Add("fc1", _first);
        feedForward.Add("fc2", _second);
        register_module("layer_norm1", _attentionNorm);
        register_module("self_attn", attention);
        register_module("layer_norm2", _feedForwardNorm);
        register_module("mlp", feedForward);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        (long batch, long tokens, long width) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor normed = _attentionNorm.call(x);                                             // [n, tokens, width]
        Tensor mixed = nn.functional.scaled_dot_product_attention(Split(_query.call(normed)), Split(_key.call(normed)), Split(_value.call(normed)));
        Tensor attended = x.Plus(_output.call(mixed.transpose(1, 2).reshape(batch, tokens, width)));
        Tensor inner = _first.call(_feedForwardNorm.call(attended));                        // [n, tokens, inner]
        return attended.Plus(_second.call(_activation(inner))).MoveToOuterDisposeScope();

        Tensor Split(Tensor t) => t.view(batch, tokens, _heads, width / _heads).transpose(1, 2);
    }
}
