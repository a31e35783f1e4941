using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>One pre-norm decoder layer: attention and feed-forward, each added to the residual stream.</summary>
public sealed class DecoderLayer : NamedModule
{
    private readonly RmsNorm _attentionNorm;
    private readonly CausalSelfAttention _attention;
    private readonly RmsNorm _feedForwardNorm;
    private readonly GatedFeedForward _feedForward;

    /// <summary>Makes the layer.</summary>
    /// <param name="config">Sizes of the decoder.</param>
    public DecoderLayer(DecoderConfig config)
        : base(nameof(DecoderLayer))
    {
        _attention = new CausalSelfAttention(config);
        _feedForward = new GatedFeedForward(config.HiddenSize, config.FeedForwardSize);
        _attentionNorm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        _feedForwardNorm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        register_module("self_attn", _attention);
        register_module("mlp", _feedForward);
        register_module("input_layernorm", _attentionNorm);
        register_module("post_attention_layernorm", _feedForwardNorm);
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="x">Hidden states, <c>[batch, tokens, hidden]</c>.</param>
    /// <param name="angles">Rotary angles of the tokens.</param>
    /// <param name="mask">Additive attention mask, or null for causal order.</param>
    /// <param name="cache">Key-value cache of this layer, or null.</param>
    /// <returns>Hidden states of the same shape.</returns>
    public Tensor Run(Tensor x, RotaryEmbedding.Angles angles, Tensor? mask, KvCache.Layer? cache)
    {
        using var scope = NewDisposeScope();
        Tensor attended = x.Plus(_attention.Attend(_attentionNorm.call(x), angles, mask, cache));
        return attended.Plus(_feedForward.call(_feedForwardNorm.call(attended))).MoveToOuterDisposeScope();
    }
}
