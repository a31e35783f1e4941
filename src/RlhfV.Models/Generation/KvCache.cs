using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>
/// Keys and values of all tokens so far, one row per sequence, each row as long as its own sequence:
/// <c>2 * layers * rows * keyValueHeads * capacity * headSize</c> elements. Rows come and go while others go on.
/// </summary>
/// <remarks>
/// Sequences begin at column 0 of their row, so a row's place is its token's position in the sequence and no row ever moves when others
/// come, grow or leave. What lies behind a row's end is finite and must be masked.
/// </remarks>
public sealed class KvCache : IDisposable
{
    private readonly List<long> _lengths;
    private int _first;
    private int _count;
    private long _start;     // tokens of the longest row of the step
    private Tensor? _columns; // [rows of the step, 1, 1, 1], where each row's token goes; null when all rows are equally long

    /// <summary>Allocates the cache.</summary>
    /// <param name="layers">Number of decoder layers.</param>
    /// <param name="batch">Number of sequences to begin with, all empty.</param>
    /// <param name="keyValueHeads">Key and value heads of a layer.</param>
    /// <param name="capacity">Tokens for which there is room to begin with.</param>
    /// <param name="headSize">Width of a head.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where it lives.</param>
    public KvCache(int layers, int batch, long keyValueHeads, long capacity, long headSize, ScalarType type, Device device)
    {
        _lengths = [.. Enumerable.Repeat(0L, batch)];
        _count = batch;
        Layers = [.. Enumerable.Range(0, layers).Select(i => new Layer(this, i == layers - 1, [batch, keyValueHeads, capacity, headSize], type, device))];
    }

    /// <summary>Number of sequences.</summary>
    public int Rows => _lengths.Count;

    /// <summary>Tokens stored so far, by row.</summary>
    public IReadOnlyList<long> Lengths => _lengths;

    /// <summary>Tokens of the longest row.</summary>
    public long Length => _lengths.Count == 0 ? 0 : _lengths.Max();

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Bytes of all keys and values, room for tokens to come included.</summary>
    public long Bytes => Layers.Sum(l => l.Bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns?.Dispose();
        foreach (Layer layer in Layers)
            layer.Dispose();
    }

    /// <summary>Makes room: rows and columns that are there keep their place and content.</summary>
    /// <param name="rows">Rows to have room for.</param>
    /// <param name="capacity">Tokens to have room for in each row.</param>
    internal void Reserve(long rows, long capacity)
    {
        foreach (Layer layer in Layers)
            layer.Reserve(rows, capacity, _lengths.Count, Length);
    }

    /// <summary>Adds empty rows behind the others; the next tokens belong to them alone, until <see cref="UseAllRows"/>.</summary>
    internal void AddRows(int rows)
    {
        (_first, _count) = (_lengths.Count, rows);
        _lengths.AddRange(Enumerable.Repeat(0L, rows));
    }

    /// <summary>Makes the next tokens belong to all rows.</summary>
    internal void UseAllRows() => (_first, _count) = (0, _lengths.Count);

    /// <summary>Shortens a row, so that what lies behind is overwritten.</summary>
    internal void Truncate(int row, long length) => _lengths[row] = Math.Min(_lengths[row], length);

    /// <summary>Takes the last rows away.</summary>
    internal void RemoveLast(int rows)
    {
        _lengths.RemoveRange(_lengths.Count - rows, rows);
        UseAllRows();
    }

    /// <summary>Takes a row away; the last row takes its place.</summary>
    internal void RemoveAt(int row)
    {
        int last = _lengths.Count - 1;
        if (row != last)
        {
            foreach (Layer layer in Layers)
                layer.Move(last, row, _lengths[last]);
            _lengths[row] = _lengths[last];
        }

        RemoveLast(1);
    }

    /// <summary>Makes every row a copy of a row that is there, in the given order.</summary>
    /// <param name="sources">For each new row, the row to copy; one row may serve several times.</param>
    internal void Reorder(IReadOnlyList<int> sources)
    {
        if (!sources.SequenceEqual(Enumerable.Range(0, _lengths.Count)))
        {
            foreach (Layer layer in Layers)
                layer.Reorder(sources);
            long[] lengths = [.. sources.Select(row => _lengths[row])];
            _lengths.Clear();
            _lengths.AddRange(lengths);
        }

        UseAllRows();
    }

    // Called by the first layer of a step: all layers put their tokens into the same places.
    private void Place(long added, Device device)
    {
        _columns?.Dispose();
        _columns = null;
        long[] lengths = [.. _lengths.GetRange(_first, _count)];
        _start = lengths.Max();
        if (lengths.Min() == _start)
            return;
        if (added != 1)
            throw new InvalidOperationException($"{added} tokens were added to rows of different length; expected one token per row.");
        _columns = tensor(lengths, [_count, 1, 1, 1], device: device).DetachFromDisposeScope();
    }

    // Called by the last layer of a step.
    private void Advance(long added)
    {
        for (int row = _first; row < _first + _count; row++)
            _lengths[row] += added;
    }

    /// <summary>The part of one decoder layer.</summary>
    public sealed class Layer : IDisposable
    {
        private readonly KvCache _cache;
        private readonly bool _last;
        private Tensor _keys;
        private Tensor _values;

        internal Layer(KvCache cache, bool last, long[] shape, ScalarType type, Device device)
        {
            // Zeros, not what memory happens to hold: a masked value still takes part in the products, and one that is not a number would spread.
            (_cache, _last) = (cache, last);
            _keys = zeros(shape, dtype: type, device: device).DetachFromDisposeScope();
            _values = zeros(shape, dtype: type, device: device).DetachFromDisposeScope();
        }

        internal long Bytes => 2 * _keys.numel() * _keys.element_size();

        /// <summary>Adds keys and values of new tokens behind each row's end and returns all of them.</summary>
        /// <param name="keys">New keys, <c>[rows, heads, new tokens, headSize]</c>; one new token where rows differ in length.</param>
        /// <param name="values">New values, same shape.</param>
        /// <returns>Views of all keys and values up to the longest row's end, <c>[rows, heads, tokens, headSize]</c>.</returns>
        public (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
        {
            long added = keys.shape[2];
            if (ReferenceEquals(_cache.Layers[0], this))
                _cache.Place(added, keys.device);
            Tensor allKeys = _keys.narrow(0, _cache._first, _cache._count);
            Tensor allValues = _values.narrow(0, _cache._first, _cache._count);
            long start = _cache._start;
            if (_cache._columns is { } columns)
            {
                Tensor index = columns.expand(keys.shape);
                allKeys.scatter_(2, index, keys);
                allValues.scatter_(2, index, values);
            }
            else
            {
                allKeys.narrow(2, start, added).copy_(keys);
                allValues.narrow(2, start, added).copy_(values);
            }

            if (_last)
                _cache.Advance(added);
            return (allKeys.narrow(2, 0, start + added), allValues.narrow(2, 0, start + added));
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _keys.Dispose();
            _values.Dispose();
        }

        // One after the other, each in its place at once: if memory ends in between, what is there stays whole.
        internal void Reserve(long rows, long capacity, long usedRows, long usedColumns)
        {
            _keys = Grown(_keys);
            _values = Grown(_values);

            Tensor Grown(Tensor old)
            {
                if (old.shape[0] >= rows && old.shape[2] >= capacity)
                    return old;
                using var scope = NewDisposeScope();
                long[] shape = [Math.Max(rows, old.shape[0]), old.shape[1], Math.Max(capacity, old.shape[2]), old.shape[3]];
                Tensor grown = zeros(shape, dtype: old.dtype, device: old.device);
                if (usedRows > 0 && usedColumns > 0)
                    grown.narrow(0, 0, usedRows).narrow(2, 0, usedColumns).copy_(old.narrow(0, 0, usedRows).narrow(2, 0, usedColumns));
                old.Dispose();
                return grown.DetachFromDisposeScope();
            }
        }

        internal void Reorder(IReadOnlyList<int> sources)
        {
            using var scope = NewDisposeScope();
            Tensor rows = tensor([.. sources.Select(row => (long)row)], device: _keys.device);
            _keys = Taken(_keys);
            _values = Taken(_values);

            Tensor Taken(Tensor old)
            {
                Tensor taken = old.index_select(0, rows).DetachFromDisposeScope();
                old.Dispose();
                return taken;
            }
        }

        internal void Move(long from, long to, long length)
        {
            using var scope = NewDisposeScope();
            foreach (Tensor all in (ReadOnlySpan<Tensor>)[_keys, _values])
                all.narrow(0, to, 1).narrow(2, 0, length).copy_(all.narrow(0, from, 1).narrow(2, 0, length));
        }
    }
}
