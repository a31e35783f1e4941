using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>A Llama-style decoder without its output head: token table, layers, final norm.</summary>
public sealed class Decoder : NamedModule
{
    private readonly Embedding _tokens;
    private readonly DecoderLayer[] _layers;
    private readonly RmsNorm _norm;
    private readonly RotaryEmbedding _rotary;

    /// <summary>Makes the decoder.</summary>
    /// <param name="config">Its sizes.</param>
    public Decoder(DecoderConfig config)
        : base(nameof(Decoder))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(_ => new DecoderLayer(config))];
        _norm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        _rotary = new RotaryEmbedding(config.HeadSize, config.RotaryTheta, config.RotaryScaling, config.RotarySections);
        register_module("embed_tokens", _tokens);
        register_module("layers", nn.ModuleList(_layers));
        register_module("norm", _norm);
    }

    /// <summary>The token table.</summary>
    public Embedding Tokens => _tokens;

    /// <summary>
    /// Whether layers keep only their inputs for the backward pass and run again there. Without effect where no gradient is wanted.
    /// </summary>
    public bool Recompute { get; set; }

    /// <summary>Runs all layers and the final norm.</summary>
    /// <param name="embeddings">Input embeddings, <c>[batch, tokens, hidden]</c>.</param>
    /// <param name="positions">Positions, <c>[batch, tokens]</c>, int64, or <c>[batch, tokens, axes]</c> where the rotary embedding has sections.</param>
    /// <param name="mask">Additive attention mask <c>[batch or 1, 1, tokens, keys]</c>, or null for causal order.</param>
    /// <param name="cache">Key-value cache, or null.</param>
    /// <param name="observe">Called with the output after each number of layers, from 1; what it is given lives only during the call.</param>
    /// <returns>Normalised hidden states, <c>[batch, tokens, hidden]</c>.</returns>
    public Tensor Run(Tensor embeddings, Tensor positions, Tensor? mask, KvCache? cache, Action<int, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();
        RotaryEmbedding.Angles angles = _rotary.At(positions, embeddings.dtype);
        bool recompute = Recompute && is_grad_enabled() && cache is null;

        // With a frozen token table and connector no gradient reaches the embeddings, and autograd would not call the layers back.
        Tensor x = recompute && !embeddings.requires_grad ? embeddings.detach().requires_grad_() : embeddings;
        Tensor first = x;
        for (int i = 0; i < _layers.Length; i++)
        {
            Tensor next = recompute ? RecomputedLayer.Run(_layers[i], x, angles, mask) : _layers[i].Run(x, angles, mask, cache?.Layers[i]);
            if (!ReferenceEquals(x, first))
            {
                x.Dispose();
            }

            x = next;
            observe?.Invoke(i + 1, x);
        }

        return _norm.call(x).MoveToOuterDisposeScope();
    }
}
