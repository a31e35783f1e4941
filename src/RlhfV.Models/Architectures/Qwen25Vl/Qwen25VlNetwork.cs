using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>
/// Qwen2.5-VL (arXiv 2502.13923): a tower for pictures of any size, a merger of 2 x 2 patches, a Qwen2 decoder with multimodal rotary
/// positions. Module names are those of transformers since release 4.52; checkpoints keep the shorter ones of their publication.
/// </summary>
public sealed class Qwen25VlNetwork : VisionLanguageNetwork
{
    /// <summary>Where the tower stands in the module tree.</summary>
    internal const string TowerName = "model.visual.";

    /// <summary>Where the decoder stands in the module tree.</summary>
    internal const string DecoderName = "model.language_model.";

    private readonly Qwen25VlConfig _config;
    private readonly Qwen25VlVisionTower _tower;
    private readonly Decoder _decoder;
    private readonly Linear? _head;

    /// <summary>Makes the network with uninitialised weights.</summary>
    /// <param name="config">Its sizes.</param>
    public Qwen25VlNetwork(Qwen25VlConfig config)
        : base("qwen2_5_vl")
    {
        _config = config;
        _tower = new Qwen25VlVisionTower(config.Vision);
        _decoder = new Decoder(config.Text);
        var model = new Scope("model");
        model.Add("visual", _tower);
        model.Add("language_model", _decoder);
        register_module("model", model);
        if (!config.Text.TiedHead)
        {
            _head = new Linear(config.Text.HiddenSize, config.Text.VocabularySize, bias: false);
            register_module("lm_head", _head);
        }
    }

    /// <inheritdoc/>
    public override DecoderConfig DecoderConfig => _config.Text;

    /// <inheritdoc/>
    public override long ImageTokenId => _config.ImageTokenId;

    internal Qwen25VlVisionTower Tower => _tower;

    /// <inheritdoc/>
    public override NetworkPart PartOf(string parameterName) =>
        parameterName.StartsWith($"{TowerName}merger.", StringComparison.Ordinal) ? NetworkPart.Connector
        : parameterName.StartsWith(TowerName, StringComparison.Ordinal) ? NetworkPart.VisionTower
        : NetworkPart.Decoder;

    /// <inheritdoc/>
    /// <remarks>
    /// Pictures have shape <c>[images, patches, 3 x time x patch x patch]</c>. The features stand in the order of the patches: the four of
    /// each 2 x 2 block together, blocks row by row.
    /// </remarks>
    public override Tensor EncodeImages(Tensor pixels, ImageGrid grid) => _tower.Encode(pixels, grid);

    /// <inheritdoc/>
    public override Tensor ProjectImages(Tensor features) => _tower.Merger.call(features);

    /// <inheritdoc/>
    public override Tensor EmbedTokens(Tensor ids) => _decoder.Tokens.call(ids);

    /// <inheritdoc/>
    public override Tensor Decode(
        Tensor embeddings, Tensor positions, Tensor? mask = null, KvCache? cache = null, Action<int, Tensor>? observe = null) =>
        _decoder.Run(embeddings, positions, mask, cache, observe);

    /// <inheritdoc/>
    public override Tensor Head(Tensor hidden) =>
        _head is not null ? _head.call(hidden) : nn.functional.linear(hidden, _decoder.Tokens.Weight);
}
