using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// Self-attention of a decoder layer: rotary positions, grouped queries (key/value head j serves query heads j*g .. j*g+g-1),
/// scale 1/sqrt(headSize).
/// </summary>
public sealed class CausalSelfAttention : NamedModule
{
    private readonly long _heads;
    private readonly long _keyValueHeads;
    private readonly long _headSize;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;

    /// <summary>Makes the attention.</summary>
    /// <param name="config">Sizes of the decoder.</param>
    public CausalSelfAttention(DecoderConfig config)
        : base(nameof(CausalSelfAttention))
    {
        (_heads, _keyValueHeads, _headSize) = (config.Heads, config.KeyValueHeads, config.HeadSize);
        _query = new Linear(config.HiddenSize, _heads * _headSize, config.AttentionBias);
        _key = new Linear(config.HiddenSize, _keyValueHeads * _headSize, config.AttentionBias);
        _value = new Linear(config.HiddenSize, _keyValueHeads * _headSize, config.AttentionBias);
        _output = new Linear(_heads * _headSize, config.HiddenSize, bias: false);
        register_module("q_proj", _query);
        register_module("k_proj", _key);
        register_module("v_proj", _value);
        register_module("o_proj", _output);
    }

    /// <summary>Attends.</summary>
    /// <param name="x">Hidden states, <c>[batch, tokens, hidden]</c>.</param>
    /// <param name="angles">Rotary angles of the tokens.</param>
    /// <param name="mask">Additive mask <c>[batch or 1, 1, tokens, keys]</c>, or null for plain causal order.</param>
    /// <param name="cache">Keys and values of earlier tokens, extended by this call; null outside generation.</param>
    /// <returns>Hidden states, <c>[batch, tokens, hidden]</c>.</returns>
    public Tensor Attend(Tensor x, RotaryEmbedding.Angles angles, Tensor? mask, KvCache.Layer? cache)
    {
        using var scope = NewDisposeScope();
        (long batch, long tokens) = (x.shape[0], x.shape[1]);
        Tensor query = RotaryEmbedding.Rotate(Split(_query.call(x), _heads), angles);          // [b, heads, t, d]
        Tensor key = RotaryEmbedding.Rotate(Split(_key.call(x), _keyValueHeads), angles);      // [b, kv, t, d]
        Tensor value = Split(_value.call(x), _keyValueHeads);
        if (cache is not null)
        {
            (key, value) = cache.Append(key, value);                                           // [b, kv, s, d]
        }

        if (_keyValueHeads != _heads)
        {
            key = key.repeat_interleave(_heads / _keyValueHeads, dim: 1);
            value = value.repeat_interleave(_heads / _keyValueHeads, dim: 1);
        }

        bool causal = mask is null && tokens > 1;
        Tensor mixed = nn.functional.scaled_dot_product_attention(query, key, value, mask, 0.0, causal);
        Tensor joined = mixed.transpose(1, 2).reshape(batch, tokens, _heads * _headSize);
        return _output.call(joined).MoveToOuterDisposeScope();

        Tensor Split(Tensor t, long heads) => t.view(batch, tokens, heads, _headSize).transpose(1, 2);
    }
}
