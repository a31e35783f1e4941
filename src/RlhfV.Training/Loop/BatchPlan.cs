namespace RlhfV.Training.Loop;

/// <summary>
/// Which items each step sees. Some items may be held out; every epoch visits every other one once in its own random order, and its last
/// batch may be short. A pure function of its arguments, so a resumed run sees what it would have seen.
/// </summary>
internal sealed class BatchPlan
{
    private readonly int[] _learned;
    private readonly int _batchSize;
    private readonly int _seed;
    private (long Epoch, int[] Order) _current = (-1, []);

    /// <summary>Makes a plan.</summary>
    /// <param name="items">Number of items; at least one.</param>
    /// <param name="batchSize">Items per step.</param>
    /// <param name="seed">Decides what is held out and the orders.</param>
    /// <param name="heldOutShare">Share of the items that is held out, rounded up, but never all of them.</param>
    public BatchPlan(int items, int batchSize, int seed, double heldOutShare = 0)
    {
        (_batchSize, _seed) = (batchSize, seed);
        int[] all = Shuffled([.. Enumerable.Range(0, items)], epoch: -1);
        int heldOut = Math.Min(items - 1, (int)Math.Ceiling(heldOutShare * items));
        HeldOut = all[..heldOut];
        _learned = all[heldOut..];
        StepsPerEpoch = (_learned.Length + batchSize - 1) / batchSize;
    }

    /// <summary>Items that are never trained on.</summary>
    public int[] HeldOut { get; }

    /// <summary>Number of items that are.</summary>
    public int Learned => _learned.Length;

    /// <summary>Steps per epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Indices of the items of a step, counted from 0 over all epochs.</summary>
    public int[] At(long step)
    {
        long epoch = step / StepsPerEpoch;
        if (_current.Epoch != epoch)
        {
            _current = (epoch, Shuffled([.. _learned], epoch));
        }

        int start = (int)(step % StepsPerEpoch) * _batchSize;
        return _current.Order[start..Math.Min(start + _batchSize, _learned.Length)];
    }

    private int[] Shuffled(int[] items, long epoch)
    {
        // Not HashCode.Combine: it is salted per process and would give every run another order.
        new Random(unchecked((_seed * 486187739) + (int)epoch)).Shuffle(items);
        return items;
    }
}
