namespace RlhfV.Evaluation;

/// <summary>
/// How a benchmark treats the oddities of its published script. Results name the mode they were made in. RefoMB, MHumanEval and the
/// over-generalisation table have none: their scripts do what they say.
/// </summary>
public enum ScoringMode
{
    /// <summary>
    /// By the benchmark's definition: nothing is scored that was not understood, and what was left out is counted. The default.
    /// </summary>
    Strict,

    /// <summary>As the published script scores, mistakes included, so that figures can be set beside published ones.</summary>
    Official,
}
