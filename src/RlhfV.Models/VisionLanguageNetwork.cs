using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models;

/// <summary>
/// The tensors of a vision-language model, cut where training and generation need to reach in: vision tower, connector, token
/// table, decoder, output head. Every family derives from it; nothing else in the product knows a family by name.
/// </summary>
public abstract class VisionLanguageNetwork : NamedModule
{
    /// <summary>Makes the network.</summary>
    /// <param name="name">Name of the family.</param>
    protected VisionLanguageNetwork(string name)
        : base(name)
    {
    }

    /// <summary>Sizes of the decoder.</summary>
    public abstract DecoderConfig DecoderConfig { get; }

    /// <summary>The id that stands for one image feature in a token sequence; below 0 for a model that takes no pictures.</summary>
    public abstract long ImageTokenId { get; }

    /// <summary>Which part of the model a parameter belongs to, by its name in <c>named_parameters()</c>.</summary>
    /// <param name="parameterName">The parameter's name.</param>
    public abstract NetworkPart PartOf(string parameterName);

    /// <summary>
    /// Whether a parameter is a weight of the vision tower itself. What only belongs to its part of the model is not: Muffin's queries,
    /// which the tower is given as an input.
    /// </summary>
    /// <param name="parameterName">The parameter's name in <c>named_parameters()</c>.</param>
    public virtual bool IsTowerWeight(string parameterName) => PartOf(parameterName) == NetworkPart.VisionTower;

    /// <summary>The vision tower: pictures to features, in the order of the pictures. The result of a frozen tower can be cached.</summary>
    /// <param name="pixels">Preprocessed pictures of equal shape, <c>[images, ..shape of one]</c>, as <see cref="PixelTensor.Stack"/> gives them.</param>
    /// <param name="grid">How each of them was divided, the same for all.</param>
    /// <returns>Features, <c>[images, features per image, vision width]</c>.</returns>
    public abstract Tensor EncodeImages(Tensor pixels, ImageGrid grid);

    /// <summary>The vision tower over pictures of any shapes; those of equal shape share a pass.</summary>
    /// <param name="images">Preprocessed pictures.</param>
    /// <returns>Features of one picture each, in order, <c>[features, vision width]</c>.</returns>
    public IReadOnlyList<Tensor> EncodeImages(IReadOnlyList<ProcessedImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        Device device = parameters().First().device;
        return Together(
            images, image => $"{string.Join('x', image.Shape)} {image.Grid}",
            alike => EncodeImages(PixelTensor.Stack(alike, device), alike[0].Grid));
    }

    /// <summary>The connector: vision features to the decoder's width.</summary>
    /// <param name="features">What <see cref="EncodeImages(Tensor, ImageGrid)"/> gave.</param>
    /// <returns>Features, <c>[images, image tokens per image, hidden]</c>.</returns>
    public abstract Tensor ProjectImages(Tensor features);

    /// <summary>The connector over features of pictures of any shapes; those of equal shape share a pass.</summary>
    /// <param name="features">What <see cref="EncodeImages(IReadOnlyList{ProcessedImage})"/> gave.</param>
    /// <returns>Features of one picture each, in order, <c>[image tokens, hidden]</c>.</returns>
    public IReadOnlyList<Tensor> ProjectImages(IReadOnlyList<Tensor> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Together(features, one => string.Join('x', one.shape), alike => ProjectImages(stack(alike)));
    }

    /// <summary>Looks tokens up and puts image features in the place of image tokens, one for one, in order over the whole batch.</summary>
    /// <param name="ids">Token ids, <c>[batch, tokens]</c>, int64.</param>
    /// <param name="projected">Projected features, <c>[images, image tokens per image, hidden]</c>, or null without pictures.</param>
    /// <returns>Input embeddings, <c>[batch, tokens, hidden]</c>.</returns>
    /// <exception cref="ArgumentException">The numbers of image tokens and image features differ.</exception>
    public Tensor Embed(Tensor ids, Tensor? projected)
    {
        using var scope = NewDisposeScope();
        if (projected is null)
        {
            return EmbedTokens(ids).MoveToOuterDisposeScope();
        }

        // In LLaVA's original layout the image token has no row in the table; what is looked up in its place is overwritten.
        Tensor isImage = ids.EqualTo(ImageTokenId);
        Tensor embedded = EmbedTokens(ImageTokenId < DecoderConfig.VocabularySize ? ids : ids.Filled(isImage, 0));
        long expected = isImage.sum().item<long>();
        Tensor rows = projected.reshape(-1, projected.shape[^1]).to(embedded.dtype);
        if (rows.shape[0] != expected)
        {
            throw new ArgumentException(
                $"The token sequence has {expected} image tokens, but the pictures give {rows.shape[0]} features. "
                + "Encode prompt and pictures with the same processor.", nameof(projected));
        }

        return embedded.masked_scatter(isImage.unsqueeze(-1), rows).MoveToOuterDisposeScope();
    }

    /// <summary>Looks tokens up.</summary>
    /// <param name="ids">Token ids, <c>[batch, tokens]</c>, int64.</param>
    /// <returns>Embeddings, <c>[batch, tokens, hidden]</c>.</returns>
    public abstract Tensor EmbedTokens(Tensor ids);

    /// <summary>Runs the decoder over input embeddings.</summary>
    /// <param name="embeddings">Input embeddings, <c>[batch, tokens, hidden]</c>.</param>
    /// <param name="positions">
    /// Positions, <c>[batch, tokens]</c>, int64; <c>[batch, tokens, axes]</c> from a processor that counts on several axes (Qwen2.5-VL: time,
    /// row, column).
    /// </param>
    /// <param name="mask">Additive attention mask <c>[batch or 1, 1, tokens, keys]</c>, or null for causal order.</param>
    /// <param name="cache">Key-value cache, or null.</param>
    /// <param name="observe">
    /// Called with the decoder's state after each number of layers, from 1, before the final norm; the tensor lives only during the call.
    /// </param>
    /// <returns>Normalised hidden states, <c>[batch, tokens, hidden]</c>.</returns>
    public abstract Tensor Decode(
        Tensor embeddings, Tensor positions, Tensor? mask = null, KvCache? cache = null, Action<int, Tensor>? observe = null);

    /// <summary>The output head.</summary>
    /// <param name="hidden">Hidden states, <c>[.., hidden]</c>; pass only the rows that need logits.</param>
    /// <returns>Logits, <c>[.., vocabulary]</c>.</returns>
    public abstract Tensor Head(Tensor hidden);

    /// <summary>Makes a cache for generation.</summary>
    /// <param name="batch">Number of sequences to begin with.</param>
    /// <param name="capacity">Tokens for which there is room in each.</param>
    public KvCache CreateCache(int batch, long capacity)
    {
        TorchSharp.Modules.Parameter first = parameters().First();
        DecoderConfig c = DecoderConfig;
        return new KvCache(c.Layers, batch, c.KeyValueHeads, capacity, c.HeadSize, first.dtype, first.device);
    }

    private static Tensor[] Together<T>(IReadOnlyList<T> items, Func<T, string> form, Func<T[], Tensor> run)
    {
        using var scope = NewDisposeScope();
        var results = new Tensor[items.Count];
        foreach (IGrouping<string, int> alike in Enumerable.Range(0, items.Count).GroupBy(i => form(items[i])))
        {
            foreach ((int i, Tensor one) in alike.Zip(run([.. alike.Select(i => items[i])]).unbind()))
            {
                results[i] = one.MoveToOuterDisposeScope();
            }
        }

        return results;
    }
}
