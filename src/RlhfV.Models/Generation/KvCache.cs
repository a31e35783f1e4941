using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>
/// Keys and values of all tokens so far, allocated once for the longest sequence:
/// <c>2 * layers * batch * keyValueHeads * capacity * headSize</c> elements.
/// </summary>
public sealed class KvCache : IDisposable
{
    /// <summary>Allocates the cache.</summary>
    /// <param name="layers">Number of decoder layers.</param>
    /// <param name="batch">Number of sequences.</param>
    /// <param name="keyValueHeads">Key and value heads of a layer.</param>
    /// <param name="capacity">Most tokens a sequence may reach.</param>
    /// <param name="headSize">Width of a head.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where it lives.</param>
    public KvCache(int layers, long batch, long keyValueHeads, long capacity, long headSize, ScalarType type, Device device)
    {
        Capacity = capacity;
        Layers = [.. Enumerable.Range(0, layers).Select(_ => new Layer(
            empty([batch, keyValueHeads, capacity, headSize], dtype: type, device: device).DetachFromDisposeScope(),
            empty([batch, keyValueHeads, capacity, headSize], dtype: type, device: device).DetachFromDisposeScope()))];
    }

    /// <summary>Most tokens a sequence may reach.</summary>
    public long Capacity { get; }

    /// <summary>Tokens stored so far.</summary>
    public long Length => Layers[0].Length;

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Layer layer in Layers)
        {
            layer.Dispose();
        }
    }

    /// <summary>Keeps some sequences, in the given order; needed when finished ones leave the batch or beams change places.</summary>
    /// <param name="rows">Row numbers, int64 <c>[new batch]</c>.</param>
    public void Select(Tensor rows)
    {
        foreach (Layer layer in Layers)
        {
            layer.Select(rows);
        }
    }

    /// <summary>The part of one decoder layer.</summary>
    public sealed class Layer : IDisposable
    {
        private Tensor _keys;
        private Tensor _values;

        internal Layer(Tensor keys, Tensor values) => (_keys, _values) = (keys, values);

        /// <summary>Tokens stored so far.</summary>
        public long Length { get; private set; }

        /// <summary>Adds keys and values of new tokens and returns all of them.</summary>
        /// <param name="keys">New keys, <c>[batch, heads, new tokens, headSize]</c>.</param>
        /// <param name="values">New values, same shape.</param>
        /// <returns>Views of all keys and values, <c>[batch, heads, tokens, headSize]</c>.</returns>
        public (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
        {
            long added = keys.shape[2];
            _keys.narrow(2, Length, added).copy_(keys);
            _values.narrow(2, Length, added).copy_(values);
            Length += added;
            return (_keys.narrow(2, 0, Length), _values.narrow(2, 0, Length));
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _keys.Dispose();
            _values.Dispose();
        }

        internal void Select(Tensor rows)
        {
            Tensor keys = _keys.index_select(0, rows).DetachFromDisposeScope();
            Tensor values = _values.index_select(0, rows).DetachFromDisposeScope();
            Dispose();
            (_keys, _values) = (keys, values);
        }
    }
}
