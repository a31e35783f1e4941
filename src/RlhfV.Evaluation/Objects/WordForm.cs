namespace RlhfV.Evaluation;

/// <summary>How the words of a text are brought to the base form in which a vocabulary holds them.</summary>
public enum WordForm
{
    /// <summary>
    /// The first of the word, its irregular bases and its regular singulars that the vocabulary knows, whatever its case, and the longest
    /// run of words that stands for something: <c>men</c> is a man, <c>bus</c> a bus, <c>TV</c> a tv. For scoring by definition.
    /// </summary>
    Vocabulary,

    /// <summary>WordNet's noun lemma, as Object HalBench's exact match: <c>men</c> stays <c>men</c> and is no person.</summary>
    WordNet,

    /// <summary>The singular of the first CHAIR script: <c>bus</c> becomes <c>bu</c> and is no vehicle.</summary>
    Singular2018,

    /// <summary>
    /// The lemma by part of speech, as the CHAIR scripts of 2024: WordNet's of nouns, the tagger's of verbs, adjectives and adverbs, so that
    /// <c>parking</c>, tagged as a verb, is <c>park</c> and makes no parking meter. Needs an <see cref="IPhraseTagger"/>.
    /// </summary>
    TaggedLemma,
}
