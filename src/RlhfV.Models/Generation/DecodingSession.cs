using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>
/// Sequences in the decoder that grow together, one token per sequence and step. New ones join and finished ones leave between steps; a
/// sequence's logits do not depend on its neighbours, but for the rounding of larger products. Knows nothing of text or sampling.
/// </summary>
/// <remarks>
/// Prompts of different length are padded on the right: causal attention never looks there, so the prefill needs no mask, and the padding
/// is overwritten by the tokens that follow.
/// </remarks>
/// <param name="network">The network.</param>
internal sealed class DecodingSession(VisionLanguageNetwork network) : IDisposable
{
    // Room is added in steps of this many tokens, so that short answers do not pay for the longest possible one.
    private const long Block = 64;

    private readonly KvCache _cache = network.CreateCache(0, 0);
    private readonly TorchSharp.Modules.Parameter _like = network.parameters().First();

    // How far each row's positions are ahead of its length: a picture may take fewer positions than tokens.
    private readonly List<long> _ahead = [];

    /// <summary>Number of sequences.</summary>
    public int Rows => _cache.Rows;

    /// <summary>Type in which the network computes.</summary>
    public ScalarType Type => _like.dtype;

    /// <summary>Bytes of keys and values.</summary>
    public long CacheBytes => _cache.Bytes;

    /// <summary>Lets sequences join behind the others and gives the logits of each one's first new token.</summary>
    /// <param name="prompts">Their prompts, at least one.</param>
    /// <param name="projected">Projected features of their pictures in order, <c>[.., hidden]</c>; null without pictures.</param>
    /// <returns>Logits, <c>[prompts, vocabulary]</c>, fp32.</returns>
    public Tensor Join(IReadOnlyList<EncodedPrompt> prompts, Tensor? projected)
    {
        using var scope = NewDisposeScope();
        long longest = prompts.Max(p => p.Ids.Count);
        _cache.Reserve(Rows + prompts.Count, RoomFor(longest + 1));
        _cache.AddRows(prompts.Count);
        try
        {
            Tensor hidden = network.Decode(network.Embed(PadRight(prompts, longest), projected), Positions(prompts, longest), null, _cache);
            long[] last = [.. prompts.Select((p, row) => row * longest + p.Ids.Count - 1)];
            Tensor ends = hidden.reshape(-1, hidden.shape[2]).index_select(0, tensor(last, device: _like.device));
            Tensor logits = network.Head(ends).to(ScalarType.Float32).MoveToOuterDisposeScope();
            for (int i = 0; i < prompts.Count; i++)
                _cache.Truncate(Rows - prompts.Count + i, prompts[i].Ids.Count);
            _cache.UseAllRows();
            _ahead.AddRange(prompts.Select(p => p.Positions is { } own ? own.Next - own.Tokens : 0));
            return logits;
        }
        catch
        {
            _cache.RemoveLast(prompts.Count);
            throw;
        }
    }

    /// <summary>Takes one new token per sequence and gives the logits of the next.</summary>
    /// <param name="tokens">One id per sequence.</param>
    /// <returns>Logits, <c>[sequences, vocabulary]</c>, fp32.</returns>
    public Tensor Step(IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        _cache.Reserve(Rows, RoomFor(_cache.Length + 1));
        Tensor ids = tensor([.. tokens.Select(t => (long)t)], device: _like.device).unsqueeze(1);
        Tensor positions = tensor([.. _cache.Lengths.Zip(_ahead, (length, ahead) => length + ahead)], device: _like.device).unsqueeze(1);
        Tensor hidden = network.Decode(network.EmbedTokens(ids), positions, Mask(), _cache);
        return network.Head(hidden.squeeze(1)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Lets a sequence leave; the last one takes its place.</summary>
    /// <param name="row">Its place.</param>
    public void RemoveAt(int row)
    {
        _cache.RemoveAt(row);
        _ahead[row] = _ahead[^1];
        _ahead.RemoveAt(_ahead.Count - 1);
    }

    /// <summary>Makes every sequence a copy of one that is there.</summary>
    /// <param name="sources">For each new sequence, the one to copy.</param>
    public void Reorder(IReadOnlyList<int> sources)
    {
        _cache.Reorder(sources);
        long[] ahead = [.. sources.Select(row => _ahead[row])];
        _ahead.Clear();
        _ahead.AddRange(ahead);
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private static long RoomFor(long tokens) => (tokens + Block - 1) / Block * Block;

    /// <summary>Hides what lies behind each row's new token; null when all rows are equally long. <c>[rows, 1, 1, columns]</c>.</summary>
    private Tensor? Mask()
    {
        long columns = _cache.Length + 1;
        if (_cache.Lengths.All(length => length + 1 == columns))
            return null;

        // The smallest finite value: half precision has no -3e38.
        float least = _like.dtype == ScalarType.Float16 ? -65504f : -3e38f;
        var mask = new float[Rows * columns];
        for (int row = 0; row < Rows; row++)
            mask.AsSpan((int)(row * columns + _cache.Lengths[row] + 1), (int)(columns - _cache.Lengths[row] - 1)).Fill(least);
        return tensor(mask, [Rows, 1, 1, columns], device: _like.device).to(_like.dtype);
    }

    /// <summary>Positions of prompts, <c>[prompts, tokens]</c>, with a last dimension of axes where a family has several.</summary>
    private Tensor Positions(IReadOnlyList<EncodedPrompt> prompts, long longest)
    {
        int axes = prompts.Max(p => p.Positions?.Axes ?? 1);
        var values = new long[prompts.Count * longest * axes];
        for (int row = 0; row < prompts.Count; row++)
        {
            for (int i = 0; i < longest; i++)
            {
                Span<long> place = values.AsSpan((int)((row * longest + i) * axes), axes);
                if (prompts[row].Positions is { } own && i < own.Tokens)
                    own[i].CopyTo(place);
                else
                    place.Fill(i);
            }
        }

        long[] shape = axes == 1 ? [prompts.Count, longest] : [prompts.Count, longest, axes];
        return tensor(values, shape, device: _like.device);
    }

    private Tensor PadRight(IReadOnlyList<EncodedPrompt> prompts, long longest)
    {
        // Any token but the picture's: what it computes is never looked at.
        long filler = network.ImageTokenId == 0 ? 1 : 0;
        var ids = new long[prompts.Count * longest];
        Array.Fill(ids, filler);
        for (int row = 0; row < prompts.Count; row++)
        {
            for (int i = 0; i < prompts[row].Ids.Count; i++)
                ids[row * longest + i] = prompts[row].Ids[i];
        }

        return tensor(ids, [prompts.Count, longest], device: _like.device);
    }
}
