using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Linear = RlhfV.Models.Modules.Linear;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>
/// Muffin (arXiv 2310.00653), the network of the RLHF-V checkpoints: BEiT-3 tower with learnable queries, one affine map, Llama decoder.
/// Parameter names are those of the published checkpoints.
/// </summary>
public sealed class MuffinNetwork : VisionLanguageNetwork
{
    private readonly MuffinConfig _config;
    private readonly Beit3Tower _tower;
    private readonly Parameter _queries;
    private readonly Linear _projector;
    private readonly Decoder _decoder;
    private readonly Linear? _head;

    /// <summary>Makes the network with uninitialised weights.</summary>
    /// <param name="config">Its sizes.</param>
    public MuffinNetwork(MuffinConfig config)
        : base("beit3_llava")
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        DecoderConfig text = config.Text;
        _tower = new Beit3Tower(config.Vision);
        _queries = new Parameter(empty(config.Queries, config.Vision.HiddenSize));
        _projector = new Linear(config.Vision.HiddenSize, text.HiddenSize, bias: true);
        _decoder = new Decoder(text);
        _decoder.Tokens.PaddingRow = config.PaddingRow;
        _head = text.TiedHead ? null : new Linear(text.HiddenSize, text.VocabularySize, bias: false);

        // The checkpoints keep everything but the output head below the decoder's own name.
        _decoder.register_module("vision_tower", _tower);
        _decoder.register_parameter("query", _queries);
        _decoder.register_module("mm_projector", _projector);
        register_module("model", _decoder);
        if (_head is not null)
        {
            register_module("lm_head", _head);
        }
    }

    /// <inheritdoc/>
    public override DecoderConfig DecoderConfig => _config.Text;

    /// <inheritdoc/>
    public override long ImageTokenId => _config.ImageTokenId;

    /// <summary>Sizes of the vision tower.</summary>
    public Beit3Config VisionConfig => _config.Vision;

    /// <inheritdoc/>
    /// <remarks>The queries belong to the tower: features that are kept of a frozen tower depend on them.</remarks>
    public override NetworkPart PartOf(string parameterName) =>
        IsTowerWeight(parameterName) || parameterName == "model.query" ? NetworkPart.VisionTower
        : parameterName.StartsWith("model.mm_projector", StringComparison.Ordinal) ? NetworkPart.Connector
        : NetworkPart.Decoder;

    /// <inheritdoc/>
    public override bool IsTowerWeight(string parameterName) => parameterName.StartsWith("model.vision_tower.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override Tensor EncodeImages(Tensor pixels, ImageGrid grid) => _tower.Run(pixels, _queries);

    /// <inheritdoc/>
    public override Tensor ProjectImages(Tensor features) => _projector.call(features);

    /// <inheritdoc/>
    public override Tensor EmbedTokens(Tensor ids) => _decoder.Tokens.call(ids);

    /// <inheritdoc/>
    public override Tensor Decode(
        Tensor embeddings, Tensor positions, Tensor? mask = null, KvCache? cache = null, Action<int, Tensor>? observe = null) =>
        _decoder.Run(embeddings, positions, mask, cache, observe);

    /// <inheritdoc/>
    public override Tensor Head(Tensor hidden) =>
        _head is not null ? _head.call(hidden) : nn.functional.linear(hidden, _decoder.Tokens.Weight);

    /// <summary>The tower with every stage shown; see <see cref="Beit3Tower.Run"/>.</summary>
    internal Tensor EncodeImages(Tensor pixels, Action<int, Tensor> visit) => _tower.Run(pixels, _queries, visit);
}
