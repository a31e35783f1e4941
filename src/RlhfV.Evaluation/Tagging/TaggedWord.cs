namespace RlhfV.Evaluation;

/// <summary>A word of a phrase with what a tagger knows about it.</summary>
/// <param name="Text">The word as it stands.</param>
/// <param name="Lemma">Its base form.</param>
/// <param name="Tag">Its part of speech in the Penn Treebank's tags: NN, NNS, NNP, NNPS for nouns.</param>
public readonly record struct TaggedWord(string Text, string Lemma, string Tag)
{
    /// <summary>True for nouns, common and proper, singular and plural.</summary>
    public bool IsNoun => Tag is "NN" or "NNS" or "NNP" or "NNPS";
}
