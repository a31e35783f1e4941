namespace RlhfV.Evaluation;

/// <summary>How <see cref="ObjectHalBench"/> reads and scores responses.</summary>
public sealed record ObjectHalOptions
{
    /// <summary>Whether to reproduce the published script's oddities.</summary>
    /// <value>The default is <see cref="ScoringMode.Strict"/>.</value>
    public ScoringMode Mode { get; init; } = ScoringMode.Strict;

    /// <summary>The objects looked for; null for COCO's.</summary>
    public ObjectVocabulary? Vocabulary { get; init; }

    /// <summary>
    /// Finds the nouns in the lists that a judge makes, in official mode. The script uses a large neural tagger; the default is
    /// <see cref="LexiconTagger"/>.
    /// </summary>
    public IPhraseTagger? Tagger { get; init; }

    /// <summary>How confidence intervals are drawn; null for the defaults.</summary>
    public BootstrapOptions? Bootstrap { get; init; }
}
