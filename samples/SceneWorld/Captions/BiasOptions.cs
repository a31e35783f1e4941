namespace SceneWorld;

/// <summary>
/// How often a biased describer says what is usual instead of what is there. Probabilities count only where the usual and the real differ:
/// a group that has its usual colour cannot get a wrong one.
/// </summary>
public sealed record BiasOptions
{
    /// <summary>No mistakes at all.</summary>
    public static BiasOptions None { get; } = new() { Rate = 0 };

    /// <summary>Scales all probabilities. The default is 1, with which 55 to 60 % of detailed descriptions hold a mistake.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>
    /// Probability per group of the scene that something absent, which usually goes with it or the setting, is claimed too. The default is 0.124.
    /// </summary>
    public double Object { get; init; } = 0.124;

    /// <summary>Probability per place or relation that it is told the wrong way round. The default is 0.045.</summary>
    public double Position { get; init; } = 0.045;

    /// <summary>Probability per group that its count is told one or two nearer to what is usual. The default is 0.083.</summary>
    public double Number { get; init; } = 0.083;

    /// <summary>Probability per group that its usual colour is told. The default is 0.047.</summary>
    public double Attribute { get; init; } = 0.047;

    /// <summary>Probability per person or animal that its usual action is told. The default is 0.2.</summary>
    public double Action { get; init; } = 0.2;
}
