namespace RlhfV.Evaluation;

/// <summary>Scores descriptions noun by noun, in the order of the published script.</summary>
internal sealed class AmberDescriptions(AmberData data, AmberOptions options)
{
    private readonly IPhraseTagger _tagger = options.Tagger ?? LexiconTagger.Instance;

    public AmberDescription Score(AmberItem item, string response)
    {
        List<string> nouns = Nouns(response);
        List<(string Word, int Object)> truth = WithRelated(item.Truth);
        List<(string Word, int Object)> targets = WithRelated(item.Targets);
        bool[] covered = new bool[item.Truth.Count];
        bool[] hit = new bool[item.Targets.Count];
        var hallucinated = new List<string>();
        foreach (string noun in nouns)
        {
            if (data.SafeWords.Contains(noun) || Mark(truth, covered, word => word == noun))
            {
                continue;
            }

            // A target that is hit is looked at further: it may still be like something the picture shows.
            Mark(targets, hit, word => word == noun);
            Mark(targets, hit, word => IsLike(noun, word));
            if (!Mark(truth, covered, word => IsLike(noun, word)))
            {
                hallucinated.Add(noun);
            }
        }

        return new(item, response, nouns, hallucinated, covered.Count(c => c), hit.Count(h => h));
    }

    /// <summary>The nouns of the vocabulary, repeated as often as they occur.</summary>
    internal List<string> Nouns(string response)
    {
        var nouns = new List<string>();
        foreach (TaggedWord word in _tagger.Tag(response).Where(word => word.IsNoun))
        {
            if (options.Mode == ScoringMode.Official)
            {
                string lemma = NounLexicon.Default.ShortestLemma(word.Text); // Case is kept: a noun that opens a sentence is not found.
                if (data.Vocabulary.Contains(lemma))
                {
                    nouns.Add(lemma);
                }
            }
            else if (NounLexicon.Default.Candidates(word.Text.ToLowerInvariant()).FirstOrDefault(data.Vocabulary.Contains) is { } known)
            {
                nouns.Add(known);
            }
        }

        return nouns;
    }

    /// <summary>The words that stand for each object: first all related ones, then the objects themselves.</summary>
    private List<(string Word, int Object)> WithRelated(IReadOnlyList<string> objects) =>
    [
        .. objects.Index().SelectMany(o => data.Relations.GetValueOrDefault(o.Item, []).Select(word => (word, o.Index))),
        .. objects.Index().Select(o => (o.Item, o.Index)),
    ];

    /// <summary>Marks the object of the first word that fits.</summary>
    private static bool Mark(List<(string Word, int Object)> words, bool[] marks, Func<string, bool> fits)
    {
        foreach ((string word, int index) in words)
        {
            if (fits(word))
            {
                marks[index] = true;
                return true;
            }
        }

        return false;
    }

    private bool IsLike(string noun, string word) => noun == word || options.Similarity?.Invoke(noun, word) > options.Threshold;
}
