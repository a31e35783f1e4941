using RlhfV.Models.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = RlhfV.Models.Modules.Embedding;
using LayerNorm = RlhfV.Models.Modules.LayerNorm;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>
/// BEiT-3 as Muffin uses it: the picture's patches and learnable queries go through the multiway encoder together, and what has become of
/// the queries describes the picture.
/// </summary>
internal sealed class Beit3Tower : NamedModule
{
    /// <summary>Rows at the start of a position table that fairseq keeps for padding.</summary>
    public const long UnusedPositions = 2;

    /// <summary>Name of the position table of the patches inside the tower.</summary>
    public const string PatchPositions = "beit3.encoder.embed_positions.A.weight";

    private readonly Beit3Config _config;
    private readonly Parameter _class;
    private readonly Parameter _patch;
    private readonly Parameter _patchBias;
    private readonly Embedding _patchPositions;
    private readonly Embedding _queryPositions;
    private readonly Beit3Layer[] _layers;
    private readonly LayerNorm _patchNorm;
    private readonly LayerNorm _queryNorm;

    public Beit3Tower(Beit3Config config)
        : base(nameof(Beit3Tower))
    {
        _config = config;
        long width = config.HiddenSize;
        _class = new Parameter(empty(1, 1, width));
        _patch = new Parameter(empty(width, 3, config.PatchSize, config.PatchSize));
        _patchBias = new Parameter(empty(width));
        _patchPositions = new Embedding(Beit3Positions.RowsOf(config.Grid), width);
        _queryPositions = new Embedding(config.QueryPositions, width);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(_ => new Beit3Layer(config))];
        (_patchNorm, _queryNorm) = (new LayerNorm(width, config.NormEpsilon), new LayerNorm(width, config.NormEpsilon));

        var convolution = new Scope("proj");
        convolution.Add("weight", _patch);
        convolution.Add("bias", _patchBias);
        var picture = new Scope("vision_embed");
        picture.Add("cls_token", _class);
        picture.Add("proj", convolution);
        var encoder = new Scope("encoder");
        encoder.Add("embed_positions", Pair(_patchPositions, _queryPositions));
        encoder.Add("layers", nn.ModuleList(_layers));
        encoder.Add("layer_norm", Pair(_patchNorm, _queryNorm));
        var inner = new Scope("beit3");
        inner.Add("vision_embed", picture);
        inner.Add("encoder", encoder);
        register_module("beit3", inner);
    }

    /// <summary>Runs the tower.</summary>
    /// <param name="pixels">Pictures, <c>[images, 3, side, side]</c>.</param>
    /// <param name="queries">The learnable queries, <c>[queries, width]</c>.</param>
    /// <param name="visit">
    /// Called with class token and patches before positions are added (0) and with the output of each layer (from 1, queries behind the
    /// patches), for comparison with the reference. With it the last layer computes its patches too, which nobody reads.
    /// </param>
    /// <returns>One feature per query, <c>[images, queries, width]</c>.</returns>
    /// <exception cref="ArgumentException">The pictures have another shape.</exception>
    public Tensor Run(Tensor pixels, Tensor queries, Action<int, Tensor>? visit = null)
    {
        if (pixels.dim() != 4 || pixels.shape[1] != 3 || pixels.shape[2] != _config.ImageSize || pixels.shape[3] != _config.ImageSize)
        {
            throw new ArgumentException(
                $"Pictures have shape [{string.Join(", ", pixels.shape)}]; expected [images, 3, {_config.ImageSize}, {_config.ImageSize}].",
                nameof(pixels));
        }

        using var scope = NewDisposeScope();
        Tensor embedded = Embed(pixels);
        visit?.Invoke(0, embedded);
        Tensor a = embedded.Plus(_patchPositions.Weight.narrow(0, UnusedPositions, embedded.shape[1]));
        Tensor b = queries.Plus(_queryPositions.Weight.narrow(0, UnusedPositions, queries.shape[0])).expand(pixels.shape[0], -1, -1);
        int plain = visit is null ? _layers.Length - 1 : _layers.Length;
        for (int i = 0; i < plain; i++)
        {
            (a, b) = _layers[i].Run(a, b);
            visit?.Invoke(i + 1, cat([a, b], 1));
        }

        b = visit is null ? _layers[^1].RunQueries(a, b) : b;
        return _queryNorm.call(b).MoveToOuterDisposeScope();
    }

    private static Scope Pair(nn.Module a, nn.Module b)
    {
        var pair = new Scope("pair");
        pair.Add("A", a);
        pair.Add("B", b);
        return pair;
    }

    /// <summary>Class token and patches, <c>[images, 1 + patches, width]</c>.</summary>
    private Tensor Embed(Tensor pixels)
    {
        Tensor patches = nn.functional.conv2d(pixels.to(_patch.dtype), _patch, _patchBias, strides: [_config.PatchSize, _config.PatchSize])
            .flatten(2).transpose(1, 2);                                                          // [n, patches, width]
        return cat([_class.expand(pixels.shape[0], -1, -1), patches], 1);
    }
}
