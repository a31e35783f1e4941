using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>One pre-norm layer of the tower: attention inside windows of patches, SwiGLU with biases.</summary>
internal sealed class Qwen25VlVisionBlock : NamedModule
{
    private readonly long _heads;
    private readonly RmsNorm _attentionNorm, _feedForwardNorm;
    private readonly Linear _queryKeyValue, _output;
    private readonly GatedFeedForward _feedForward;

    public Qwen25VlVisionBlock(Qwen25VlVisionConfig config)
        : base(nameof(Qwen25VlVisionBlock))
    {
        long width = config.HiddenSize;
        _heads = config.Heads;
        (_attentionNorm, _feedForwardNorm) = (new(width, Qwen25VlVisionTower.NormEpsilon), new(width, Qwen25VlVisionTower.NormEpsilon));
        (_queryKeyValue, _output) = (new(width, 3 * width, bias: true), new(width, width, bias: true));
        _feedForward = new GatedFeedForward(width, config.FeedForwardSize, bias: true);
        var attention = new Scope("attn");
        attention.Add("qkv", _queryKeyValue);
        attention.Add("proj", _output);
        register_module("norm1", _attentionNorm);
        register_module("attn", attention);
        register_module("norm2", _feedForwardNorm);
        register_module("mlp", _feedForward);
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="x">Patches, window by window, <c>[images, patches, width]</c>.</param>
    /// <param name="angles">Rotary angles of the patches, fp32.</param>
    /// <param name="windows">Number of windows and patches of each, for windows that follow one another; each attends within itself.</param>
    /// <returns>Patches, same shape.</returns>
    public Tensor Run(Tensor x, RotaryEmbedding.Angles angles, IReadOnlyList<(long Windows, long Patches)> windows)
    {
        using var scope = NewDisposeScope();
        Tensor attended = x.Plus(Attend(_attentionNorm.call(x), angles, windows));
        return attended.Plus(_feedForward.call(_feedForwardNorm.call(attended))).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, RotaryEmbedding.Angles angles, IReadOnlyList<(long Windows, long Patches)> windows)
    {
        using var scope = NewDisposeScope();
        (long images, long patches, long width) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor[] parts = _queryKeyValue.call(x).view(images, patches, 3, _heads, width / _heads).transpose(1, 3).unbind(2); // [n, heads, patches, d]
        (Tensor query, Tensor key, Tensor value) = (Turned(parts[0]), Turned(parts[1]), parts[2]);
        var mixed = new List<Tensor>();
        long first = 0;
        foreach ((long count, long size) in windows)
        {
            long start = first;
            Tensor one = nn.functional.scaled_dot_product_attention(Cut(query), Cut(key), Cut(value));                      // [n, heads * count, size, d]
            mixed.Add(one.view(images, _heads, count * size, width / _heads));
            first += count * size;

            Tensor Cut(Tensor t) => t.narrow(2, start, count * size).reshape(images, _heads * count, size, width / _heads);
        }

        Tensor joined = mixed.Count == 1 ? mixed[0] : cat(mixed, 2);
        return _output.call(joined.transpose(1, 2).reshape(images, patches, width)).MoveToOuterDisposeScope();

        // In fp32, as the reference turns them; the result takes the tower's type again.
        Tensor Turned(Tensor t) => RotaryEmbedding.Rotate(t.to(ScalarType.Float32), angles).to(t.dtype);
    }
}
