namespace RlhfV.Evaluation;

/// <summary>How a benchmark treats the oddities of its published script. Every result names the mode it was made in.</summary>
public enum ScoringMode
{
    /// <summary>
    /// By the benchmark's definition: nothing is scored that was not understood, and what was left out is counted. The default.
    /// </summary>
    Strict,

    /// <summary>As the published script scores, mistakes included, so that figures can be set beside published ones.</summary>
    Official,
}
