namespace RlhfV.Training.Loop;

/// <summary>What a run learns. The loop knows steps, gradients and weights; the task knows examples and losses.</summary>
internal abstract class TrainingTask
{
    /// <summary>Number of items.</summary>
    public abstract int Count { get; }

    /// <summary>Hash of everything that the items hold.</summary>
    public abstract string DataHash { get; }

    /// <summary>Called once, with the starting weights, before the first step.</summary>
    /// <param name="cache">Keeps what is worth keeping between processes; null when nothing is kept.</param>
    /// <param name="cancellation">Looked at between passes of the network.</param>
    public virtual void Prepare(ReferenceCache? cache, CancellationToken cancellation)
    {
    }

    /// <summary>Cuts the items of one step into passes.</summary>
    /// <param name="items">Their indices.</param>
    /// <param name="epoch">The epoch from 0, which decides how pictures look; null for pictures as they are.</param>
    public abstract IEnumerable<TrainingPass> Passes(int[] items, long? epoch);
}
