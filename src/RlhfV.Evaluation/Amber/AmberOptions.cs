namespace RlhfV.Evaluation;

/// <summary>How <see cref="Amber"/> reads and scores answers.</summary>
public sealed record AmberOptions
{
    /// <summary>Whether to reproduce the published script's oddities.</summary>
    /// <value>The default is <see cref="ScoringMode.Strict"/>.</value>
    public ScoringMode Mode { get; init; } = ScoringMode.Strict;

    /// <summary>Finds nouns in descriptions. The script uses a statistical tagger; the default is <see cref="LexiconTagger"/>.</summary>
    public IPhraseTagger? Tagger { get; init; }

    /// <summary>
    /// Likeness of two words, 1 for equal ones. The script takes the cosine of word vectors of a large English model; null counts only
    /// equal words as alike, which lowers Cover and Cog and raises CHAIR a little.
    /// </summary>
    public Func<string, string, double>? Similarity { get; init; }

    /// <summary>Words are alike above this likeness.</summary>
    /// <value>The default is 0.8, the script's.</value>
    public double Threshold { get; init; } = 0.8;

    /// <summary>How confidence intervals are drawn; null for the defaults.</summary>
    public BootstrapOptions? Bootstrap { get; init; }
}
