using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Llama;

/// <summary>A Llama decoder with its head (arXiv 2302.13971, 2407.21783). Parameter names are those of the published checkpoints.</summary>
public sealed class LlamaNetwork : VisionLanguageNetwork
{
    private readonly Decoder _decoder;
    private readonly Linear? _head;

    /// <summary>Makes the network with uninitialised weights.</summary>
    /// <param name="config">Its sizes.</param>
    public LlamaNetwork(DecoderConfig config)
        : base("llama")
    {
        DecoderConfig = config;
        _decoder = new Decoder(config);
        register_module("model", _decoder);
        if (!config.TiedHead)
        {
            _head = new Linear(config.HiddenSize, config.VocabularySize, bias: false);
            register_module("lm_head", _head);
        }
    }

    /// <inheritdoc/>
    public override DecoderConfig DecoderConfig { get; }

    /// <summary>No token is an image token: -1.</summary>
    public override long ImageTokenId => -1;

    /// <inheritdoc/>
    public override NetworkPart PartOf(string parameterName) => NetworkPart.Decoder;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: the model takes no pictures.</exception>
    public override Tensor EncodeImages(Tensor pixels, ImageGrid grid) => throw NoPictures();

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: the model takes no pictures.</exception>
    public override Tensor ProjectImages(Tensor features) => throw NoPictures();

    /// <inheritdoc/>
    public override Tensor EmbedTokens(Tensor ids) => _decoder.Tokens.call(ids);

    /// <inheritdoc/>
    public override Tensor Decode(
        Tensor embeddings, Tensor positions, Tensor? mask = null, KvCache? cache = null, Action<int, Tensor>? observe = null) =>
        _decoder.Run(embeddings, positions, mask, cache, observe);

    /// <inheritdoc/>
    public override Tensor Head(Tensor hidden) =>
        _head is not null ? _head.call(hidden) : nn.functional.linear(hidden, _decoder.Tokens.Weight);

    private static NotSupportedException NoPictures() =>
        new("This model is a Llama decoder and takes no pictures. Load a vision-language model, or leave the pictures out.");
}
