using RlhfV.Models.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Idefics3;

/// <summary>
/// SigLIP's vision transformer (arXiv 2303.15343) as Idefics3 has it: no class token, tanh-approximated GELU, <c>post_layernorm</c> over
/// all patches.
/// </summary>
internal sealed class SiglipVisionTower : NamedModule
{
    private readonly SiglipEmbeddings _embeddings;
    private readonly VisionLayer[] _layers;
    private readonly RlhfV.Models.Modules.LayerNorm _after;

    public SiglipVisionTower(SiglipVisionConfig config)
        : base(nameof(SiglipVisionTower))
    {
        _embeddings = new SiglipEmbeddings(config);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(
            _ => new VisionLayer(config.HiddenSize, config.FeedForwardSize, config.Heads, config.NormEpsilon, Activate))];
        _after = new RlhfV.Models.Modules.LayerNorm(config.HiddenSize, config.NormEpsilon);
        var encoder = new Scope("encoder");
        encoder.Add("layers", nn.ModuleList(_layers));
        register_module("embeddings", _embeddings);
        register_module("encoder", encoder);
        register_module("post_layernorm", _after);
    }

    /// <summary>Runs the tower.</summary>
    /// <param name="pixels">Frames, <c>[frames, 3, side, side]</c>.</param>
    /// <param name="visit">Called with the output after each number of layers, 0 being the embeddings; for comparison with the reference.</param>
    /// <returns>Normalised features, <c>[frames, patches, width]</c>.</returns>
    public Tensor Run(Tensor pixels, Action<int, Tensor>? visit = null)
    {
        using var scope = NewDisposeScope();
        Tensor x = _embeddings.call(pixels);
        visit?.Invoke(0, x);
        for (int i = 0; i < _layers.Length; i++)
        {
            x = _layers[i].call(x);
            visit?.Invoke(i + 1, x);
        }

        return _after.call(x).MoveToOuterDisposeScope();
    }

    private static Tensor Activate(Tensor x) => nn.functional.gelu(x, GELU.Approximate.tanh);

    /// <summary>Patch convolution with bias, learned positions.</summary>
    private sealed class SiglipEmbeddings : NamedLayer
    {
        private readonly SiglipVisionConfig _config;
        private readonly Parameter _patch;
        private readonly Parameter _bias;
        private readonly RlhfV.Models.Modules.Embedding _positions;
        private readonly long[]? _places;

        public SiglipEmbeddings(SiglipVisionConfig config)
            : base(nameof(SiglipEmbeddings))
        {
            _config = config;
            _patch = new Parameter(empty(config.HiddenSize, 3, config.PatchSize, config.PatchSize));
            _bias = new Parameter(empty(config.HiddenSize));
            _positions = new RlhfV.Models.Modules.Embedding(config.Patches, config.HiddenSize);
            var convolution = new Scope("patch_embedding");
            convolution.Add("weight", _patch);
            convolution.Add("bias", _bias);
            register_module("patch_embedding", convolution);
            register_module("position_embedding", _positions);
            int[] along = PatchPositions.Along((int)config.Side);
            bool inOrder = along.Index().All(p => p.Item == p.Index);
            _places = inOrder ? null : [.. along.SelectMany(row => along.Select(column => (row * config.Side) + column))];
        }

        public override Tensor forward(Tensor pixels)
        {
            if (pixels.dim() != 4 || pixels.shape[1] != 3 || pixels.shape[2] != _config.ImageSize || pixels.shape[3] != _config.ImageSize)
            {
                throw new ArgumentException(
                    $"Frames have shape [{string.Join(", ", pixels.shape)}]; expected [frames, 3, {_config.ImageSize}, {_config.ImageSize}].",
                    nameof(pixels));
            }

            using var scope = NewDisposeScope();
            Tensor patches = nn.functional.conv2d(pixels.to(_patch.dtype), _patch, _bias, strides: [_config.PatchSize, _config.PatchSize])
                .flatten(2).transpose(1, 2);                                                       // [n, patches, width]
            Tensor positions = _places is null ? _positions.Weight : _positions.call(tensor(_places, device: pixels.device));
            return patches.Plus(positions).MoveToOuterDisposeScope();
        }
    }
}
