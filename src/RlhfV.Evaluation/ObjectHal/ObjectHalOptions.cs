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

    /// <summary>
    /// The prompt by which a judge is asked for the objects of a response: a text file with the places <c>{question}</c> and <c>{answer}</c>. The
    /// benchmark's own is in its authors' repository (<c>eval/eval_gpt_obj_halbench.py</c>); it has no licence that would let this package carry it.
    /// </summary>
    /// <value>The default is null: this package's wording, which asks for the same list.</value>
    public string? PromptPath { get; init; }

    /// <summary>How confidence intervals are drawn; null for the defaults.</summary>
    public BootstrapOptions? Bootstrap { get; init; }
}
