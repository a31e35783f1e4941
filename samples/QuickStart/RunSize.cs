namespace QuickStart;

/// <summary>How much of the data a run uses.</summary>
/// <param name="Pairs">Corrected pairs to learn from.</param>
/// <param name="Scenes">Held-out scenes to describe.</param>
/// <param name="Epochs">Passes over the pairs.</param>
internal sealed record RunSize(int Pairs, int Scenes, int Epochs)
{
    /// <summary>Everything: what the printed figures are about.</summary>
    public static RunSize Full { get; } = new(1400, 300, 2);

    /// <summary>Enough to see every step work.</summary>
    public static RunSize Quick { get; } = new(96, 40, 1);
}
