namespace RlhfV.Evaluation;

/// <summary>
/// Turns the phrases of an extracted list into the words that are looked up, as the published script does: a pair of the vocabulary if the
/// phrase has one, else its runs of nouns.
/// </summary>
internal static class ObjectPhrases
{
    /// <summary>Words of all phrases, each once, in order.</summary>
    public static List<string> Words(IEnumerable<string> phrases, ObjectVocabulary vocabulary, IPhraseTagger tagger) =>
        [.. phrases.SelectMany(phrase => Words(tagger.Tag($"a {phrase}"), vocabulary)).Distinct(StringComparer.Ordinal)];

    private static List<string> Words(IReadOnlyList<TaggedWord> phrase, ObjectVocabulary vocabulary)
    {
        List<string> pairs = Pairs([.. phrase.Select(word => word.Lemma)], vocabulary);
        return pairs.Count > 0 ? pairs : NounRuns(phrase);
    }

    /// <summary>What the pairs among neighbouring words stand for; a word belongs to one pair at most.</summary>
    public static List<string> Pairs(IReadOnlyList<string> words, ObjectVocabulary vocabulary)
    {
        var pairs = new List<string>();
        for (int i = 0; i + 1 < words.Count; i++)
        {
            if (vocabulary.Pairs.TryGetValue($"{words[i]} {words[i + 1]}", out string? target))
            {
                pairs.Add(target);
                i++;
            }
        }

        return pairs;
    }

    private static List<string> NounRuns(IReadOnlyList<TaggedWord> phrase)
    {
        var runs = new List<string>();
        for (int i = 0; i < phrase.Count; i++)
        {
            int start = i;
            while (i < phrase.Count && phrase[i].IsNoun)
            {
                i++;
            }

            if (i > start)
            {
                runs.Add(string.Join(' ', phrase.Skip(start).Take(i - start).Select(word => word.Lemma)));
            }
        }

        return runs;
    }
}
