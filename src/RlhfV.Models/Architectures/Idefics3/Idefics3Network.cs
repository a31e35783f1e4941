using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Idefics3;

/// <summary>
/// Idefics3 (arXiv 2408.12637) and SmolVLM (arXiv 2504.05299): SigLIP tower over every frame of a picture, pixel shuffle and one linear
/// layer, Llama decoder. Parameter names are those of the published checkpoints.
/// </summary>
public sealed class Idefics3Network : VisionLanguageNetwork
{
    /// <summary>
    /// Frames that the tower sees at once, so that a batch of large pictures takes no more memory than one: half of the 17 frames that a large
    /// picture has in published models, 9 of 1024 patches each, whose feed-forward block takes 110 MB.
    /// </summary>
    private const long FramesPerPass = 9;

    private readonly Idefics3Config _config;
    private readonly SiglipVisionTower _tower;
    private readonly Linear _connector;
    private readonly Decoder _decoder;
    private readonly Linear? _head;

    /// <summary>Makes the network with uninitialised weights.</summary>
    /// <param name="config">Its sizes.</param>
    public Idefics3Network(Idefics3Config config)
        : base("idefics3")
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        DecoderConfig text = config.Text;
        _tower = new SiglipVisionTower(config.Vision);
        _connector = new Linear(config.Vision.HiddenSize * config.ScaleFactor * config.ScaleFactor, text.HiddenSize, bias: false);
        _decoder = new Decoder(text);
        _head = text.TiedHead ? null : new Linear(text.HiddenSize, text.VocabularySize, bias: false);

        var projection = new Scope("modality_projection");
        projection.Add("proj", _connector);
        var connector = new Scope("connector");
        connector.Add("modality_projection", projection);
        var model = new Scope("model");
        model.Add("vision_model", _tower);
        model.Add("connector", connector);
        model.Add("text_model", _decoder);
        register_module("model", model);
        if (_head is not null)
        {
            register_module("lm_head", _head);
        }
    }

    /// <inheritdoc/>
    public override DecoderConfig DecoderConfig => _config.Text;

    /// <inheritdoc/>
    public override long ImageTokenId => _config.ImageTokenId;

    /// <summary>The vision tower, whose inner states tests compare.</summary>
    internal SiglipVisionTower Tower => _tower;

    /// <inheritdoc/>
    public override NetworkPart PartOf(string parameterName) =>
        parameterName.StartsWith("model.vision_model.", StringComparison.Ordinal) ? NetworkPart.VisionTower
        : parameterName.StartsWith("model.connector.", StringComparison.Ordinal) ? NetworkPart.Connector
        : NetworkPart.Decoder;

    /// <inheritdoc/>
    public override Tensor EncodeImages(Tensor pixels, ImageGrid grid)
    {
        if (pixels.dim() != 5)
        {
            throw new ArgumentException(
                $"Pictures have shape [{string.Join(", ", pixels.shape)}]; expected [images, frames, 3, height, width].", nameof(pixels));
        }

        using var scope = NewDisposeScope();
        (long images, long frames) = (pixels.shape[0], pixels.shape[1]);
        Tensor[] passes = pixels.flatten(0, 1).split(FramesPerPass);                        // of [n, 3, h, w]
        Tensor features = cat([.. passes.Select(pass => _tower.Run(pass))], 0);             // [images * frames, patches, width]
        return features.view(images, frames * _config.Vision.Patches, -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor ProjectImages(Tensor features)
    {
        using var scope = NewDisposeScope();
        (long images, long width, long side, long scale) = (features.shape[0], features.shape[2], _config.Vision.Side, _config.ScaleFactor);
        Tensor blocks = features
            .view(-1, side / scale, scale, side / scale, scale, width)                      // [frames, i, a, j, b, c]
            .permute(0, 1, 3, 2, 4, 5)                                                      // [frames, i, j, a, b, c]
            .reshape(images, -1, scale * scale * width);                                    // [images, tokens, (a * s + b) * C + c]
        return _connector.call(blocks).MoveToOuterDisposeScope();
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
