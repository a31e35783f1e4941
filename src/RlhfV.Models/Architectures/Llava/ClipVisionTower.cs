using RlhfV.Models.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>
/// CLIP's vision transformer (arXiv 2103.00020), up to the layer whose output LLaVA uses. The layers behind it and
/// <c>post_layernorm</c> are kept only so that a checkpoint comes back complete; they are not computed.
/// </summary>
internal sealed class ClipVisionTower : NamedModule
{
    private readonly int _runLayers;
    private readonly ClipEmbeddings _embeddings;
    private readonly RlhfV.Models.Modules.LayerNorm _before;
    private readonly VisionLayer[] _layers;

    public ClipVisionTower(ClipVisionConfig config, int featureLayer)
        : base(nameof(ClipVisionTower))
    {
        _runLayers = featureLayer < 0 ? config.Layers + 1 + featureLayer : featureLayer;
        if (_runLayers < 0 || _runLayers > config.Layers)
        {
            throw new ModelFormatException(
                $"config.json: 'vision_feature_layer' is {featureLayer}; the tower has {config.Layers} layers, "
                + $"so expected {-config.Layers - 1} to {config.Layers}.");
        }

        _embeddings = new ClipEmbeddings(config);
        _before = new RlhfV.Models.Modules.LayerNorm(config.HiddenSize, config.NormEpsilon);
        Func<Tensor, Tensor> activation = config.Activation == "quick_gelu" ? x => x * sigmoid(x.Times(1.702)) : x => nn.functional.gelu(x);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(
            _ => new VisionLayer(config.HiddenSize, config.FeedForwardSize, config.Heads, config.NormEpsilon, activation))];
        var inner = new Scope("vision_model");
        var encoder = new Scope("encoder");
        encoder.Add("layers", nn.ModuleList(_layers));
        inner.Add("embeddings", _embeddings);
        inner.Add("pre_layrnorm", _before);                 // spelled so in every published checkpoint
        inner.Add("encoder", encoder);
        inner.Add("post_layernorm", new RlhfV.Models.Modules.LayerNorm(config.HiddenSize, config.NormEpsilon));
        register_module("vision_model", inner);
    }

    /// <summary>Runs the tower.</summary>
    /// <param name="pixels">Pictures, <c>[images, 3, side, side]</c>.</param>
    /// <param name="visit">Called with the output after each number of layers, 0 being the embeddings; for comparison with the reference.</param>
    /// <returns>Output of the chosen layer with the class token in front, <c>[images, 1 + patches, width]</c>.</returns>
    public Tensor Run(Tensor pixels, Action<int, Tensor>? visit = null)
    {
        using var scope = NewDisposeScope();
        Tensor x = _before.call(_embeddings.call(pixels));
        visit?.Invoke(0, x);
        for (int i = 0; i < _runLayers; i++)
        {
            x = _layers[i].call(x);
            visit?.Invoke(i + 1, x);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Patch convolution without bias, class vector in front, learned positions.</summary>
    private sealed class ClipEmbeddings : NamedLayer
    {
        private readonly ClipVisionConfig _config;
        private readonly Parameter _class;
        private readonly Parameter _patch;
        private readonly RlhfV.Models.Modules.Embedding _positions;

        public ClipEmbeddings(ClipVisionConfig config)
            : base(nameof(ClipEmbeddings))
        {
            _config = config;
            _class = new Parameter(empty(config.HiddenSize));
            _patch = new Parameter(empty(config.HiddenSize, 3, config.PatchSize, config.PatchSize));
            _positions = new RlhfV.Models.Modules.Embedding(config.Patches + 1, config.HiddenSize);
            var convolution = new Scope("patch_embedding");
            convolution.Add("weight", _patch);
            register_parameter("class_embedding", _class);
            register_module("patch_embedding", convolution);
            register_module("position_embedding", _positions);
        }

        public override Tensor forward(Tensor pixels)
        {
            if (pixels.dim() != 4 || pixels.shape[1] != 3 || pixels.shape[2] != _config.ImageSize || pixels.shape[3] != _config.ImageSize)
            {
                throw new ArgumentException(
                    $"Pictures have shape [{string.Join(", ", pixels.shape)}]; expected [images, 3, {_config.ImageSize}, {_config.ImageSize}].",
                    nameof(pixels));
            }

            using var scope = NewDisposeScope();
            Tensor patches = nn.functional.conv2d(pixels.to(_patch.dtype), _patch, strides: [_config.PatchSize, _config.PatchSize])
                .flatten(2).transpose(1, 2);                                                       // [n, patches, width]
            Tensor classes = _class.expand(pixels.shape[0], 1, -1);                                // [n, 1, width]
            return cat([classes, patches], 1).Plus(_positions.Weight).MoveToOuterDisposeScope();
        }
    }
}
