using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>
/// LLaVA-1.5 (arXiv 2310.03744): CLIP tower, two-layer projector with exact GELU, Llama decoder. Parameter names are those of the
/// published Hugging Face checkpoints.
/// </summary>
public sealed class LlavaNetwork : VisionLanguageNetwork
{
    private readonly LlavaConfig _config;
    private readonly ClipVisionTower _tower;
    private readonly Linear _projectorFirst;
    private readonly Linear _projectorSecond;
    private readonly Decoder _decoder;
    private readonly Linear? _head;

    /// <summary>Makes the network with uninitialised weights.</summary>
    /// <param name="config">Its sizes.</param>
    public LlavaNetwork(LlavaConfig config)
        : base("llava")
    {
        _config = config;
        DecoderConfig text = config.Text;
        _tower = new ClipVisionTower(config.Vision, config.FeatureLayer);
        _projectorFirst = new Linear(config.Vision.HiddenSize, text.HiddenSize, config.ProjectorBias);
        _projectorSecond = new Linear(text.HiddenSize, text.HiddenSize, config.ProjectorBias);
        _decoder = new Decoder(text);
        _head = text.TiedHead ? null : new Linear(text.HiddenSize, text.VocabularySize, bias: false);

        var projector = new Scope("multi_modal_projector");
        projector.Add("linear_1", _projectorFirst);
        projector.Add("linear_2", _projectorSecond);
        var language = new Scope("language_model");
        language.Add("model", _decoder);
        if (_head is not null)
        {
            language.Add("lm_head", _head);
        }

        register_module("vision_tower", _tower);
        register_module("multi_modal_projector", projector);
        register_module("language_model", language);
    }

    /// <inheritdoc/>
    public override DecoderConfig DecoderConfig => _config.Text;

    /// <inheritdoc/>
    public override long ImageTokenId => _config.ImageTokenId;

    /// <inheritdoc/>
    public override NetworkPart PartOf(string parameterName) =>
        parameterName.StartsWith("vision_tower.", StringComparison.Ordinal) ? NetworkPart.VisionTower
        : parameterName.StartsWith("multi_modal_projector.", StringComparison.Ordinal) ? NetworkPart.Connector
        : NetworkPart.Decoder;

    /// <inheritdoc/>
    public override Tensor EncodeImages(Tensor pixels, ImageGrid grid)
    {
        using var scope = NewDisposeScope();
        Tensor all = _tower.Run(pixels);
        Tensor chosen = _config.DropClassToken ? all.narrow(1, 1, all.shape[1] - 1) : all;
        return chosen.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor ProjectImages(Tensor features)
    {
        using var scope = NewDisposeScope();
        return _projectorSecond.call(nn.functional.gelu(_projectorFirst.call(features))).MoveToOuterDisposeScope();
    }

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
