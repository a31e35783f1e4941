using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>
/// A batch of sequences in the decoder: prompts of different length padded on the left, one key-value cache, one row of logits per
/// sequence and step. Knows nothing of text or sampling.
/// </summary>
internal sealed class DecodingSession : IDisposable
{
    private readonly VisionLanguageNetwork _network;
    private readonly Device _device;
    private readonly KvCache _cache;
    private Tensor? _padding;            // additive, [batch, 1, 1, capacity]; null when no row is padded
    private Tensor _nextPositions;       // [batch, 1]

    private DecodingSession(VisionLanguageNetwork network, KvCache cache, Tensor? padding, Tensor nextPositions)
    {
        (_network, _cache, _padding, _nextPositions) = (network, cache, padding, nextPositions);
        _device = nextPositions.device;
    }

    /// <summary>Encodes pictures and prompts and gives the logits of each sequence's first new token.</summary>
    /// <param name="network">The network.</param>
    /// <param name="prompts">The prompts, at least one.</param>
    /// <param name="newTokens">Most new tokens of any sequence.</param>
    /// <param name="logits">Logits, <c>[batch, vocabulary]</c>, fp32.</param>
    public static DecodingSession Start(
        VisionLanguageNetwork network, IReadOnlyList<EncodedPrompt> prompts, int newTokens, out Tensor logits)
    {
        using var scope = NewDisposeScope();
        TorchSharp.Modules.Parameter first = network.parameters().First();
        long longest = prompts.Max(p => p.Ids.Count);
        (Tensor ids, Tensor real) = PadLeft(prompts, longest, first.device);
        Tensor? projected = null;
        if (prompts.Any(p => p.Images.Count > 0))
        {
            Tensor pixels = PixelTensor.Stack([.. prompts.SelectMany(p => p.Images)], first.device);
            projected = network.ProjectImages(network.EncodeImages(pixels));
        }

        Tensor positions = real.cumsum(1).Plus(-1L).AtLeast(0);
        Tensor? padding = null;
        Tensor? mask = null;
        if (prompts.Any(p => p.Ids.Count < longest))
        {
            // The smallest finite value, not minus infinity: a row of padding attends to nothing else and must not become NaN.
            float least = first.dtype == ScalarType.Float16 ? -65504f : -3e38f;
            Tensor open = ones([prompts.Count, newTokens], dtype: real.dtype, device: first.device);
            padding = zeros([prompts.Count, longest + newTokens], dtype: first.dtype, device: first.device)
                .Filled(cat([real, open], 1).EqualTo(0), least).unsqueeze(1).unsqueeze(1);
            Tensor later = ones([longest, longest], dtype: ScalarType.Bool, device: first.device).triu(1);
            mask = padding.narrow(3, 0, longest).expand(-1, -1, longest, -1).Filled(later, least);
        }

        KvCache cache = network.CreateCache(prompts.Count, longest + newTokens);
        try
        {
            Tensor hidden = network.Decode(network.Embed(ids, projected), positions, mask, cache);
            logits = network.Head(hidden.narrow(1, longest - 1, 1).squeeze(1)).to(ScalarType.Float32).MoveToOuterDisposeScope();
        }
        catch
        {
            cache.Dispose();
            throw;
        }

        return new DecodingSession(
            network, cache, padding?.DetachFromDisposeScope(), positions.narrow(1, longest - 1, 1).Plus(1L).DetachFromDisposeScope());
    }

    /// <summary>Takes one new token per sequence and gives the logits of the next.</summary>
    /// <param name="tokens">One id per sequence.</param>
    /// <returns>Logits, <c>[batch, vocabulary]</c>, fp32.</returns>
    public Tensor Step(IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        Tensor ids = tensor([.. tokens.Select(t => (long)t)], device: _device).unsqueeze(1);
        Tensor? mask = _padding?.narrow(3, 0, _cache.Length + 1);
        Tensor hidden = _network.Decode(_network.EmbedTokens(ids), _nextPositions, mask, _cache);
        Tensor next = _nextPositions.Plus(1L).DetachFromDisposeScope();
        _nextPositions.Dispose();
        _nextPositions = next;
        return _network.Head(hidden.squeeze(1)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Keeps some sequences, in the given order.</summary>
    /// <param name="rows">Their places in the batch.</param>
    public void Keep(IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        Tensor index = tensor([.. rows.Select(r => (long)r)], device: _device);
        _cache.Select(index);
        Tensor positions = _nextPositions.index_select(0, index).DetachFromDisposeScope();
        _nextPositions.Dispose();
        _nextPositions = positions;
        if (_padding is not null)
        {
            Tensor padding = _padding.index_select(0, index).DetachFromDisposeScope();
            _padding.Dispose();
            _padding = padding;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _padding?.Dispose();
        _nextPositions.Dispose();
    }

    private static (Tensor Ids, Tensor Real) PadLeft(IReadOnlyList<EncodedPrompt> prompts, long longest, Device device)
    {
        var ids = new long[prompts.Count * longest];
        var real = new long[ids.Length];
        for (int row = 0; row < prompts.Count; row++)
        {
            long at = (row + 1) * longest - prompts[row].Ids.Count;
            foreach (int id in prompts[row].Ids)
            {
                (ids[at], real[at]) = (id, 1);
                at++;
            }
        }

        return (tensor(ids, [prompts.Count, longest], device: device), tensor(real, [prompts.Count, longest], device: device));
    }
}
