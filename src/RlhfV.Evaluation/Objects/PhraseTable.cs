namespace RlhfV.Evaluation;

/// <summary>The words and phrases of a vocabulary, found by any inflected form and in any case; the longest phrase wins.</summary>
internal sealed class PhraseTable
{
    private const int CachedAtMost = 200_000;

    private readonly Dictionary<string, string> _single = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Phrase>> _byFirst = new(StringComparer.Ordinal);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string[]> _candidates = new(StringComparer.Ordinal);

    public PhraseTable(ObjectVocabulary vocabulary)
    {
        foreach (string word in vocabulary.Words)
        {
            Add(word, word);
        }

        foreach ((string pair, string target) in vocabulary.Pairs)
        {
            Add(pair, target);
        }

        foreach (List<Phrase> phrases in _byFirst.Values)
        {
            phrases.Sort((a, b) => b.Words.Length.CompareTo(a.Words.Length));
        }
    }

    /// <summary>What the words begin with: the vocabulary's word for it, or the first word itself, and how many words that takes.</summary>
    /// <param name="words">Words in lower case, as they stand in the text; at least one.</param>
    public (string Word, int Count) Longest(ReadOnlySpan<string> words)
    {
        string[] candidates = Candidates(words[0]);
        (string Word, int Count) best = (words[0], 1);
        foreach (string candidate in candidates)
        {
            if (_byFirst.TryGetValue(candidate, out List<Phrase>? phrases))
            {
                foreach (Phrase phrase in phrases)
                {
                    if (phrase.Words.Length > best.Count && Matches(words, phrase))
                    {
                        best = (phrase.Target, phrase.Words.Length);
                        break; // Longest first.
                    }
                }
            }
        }

        if (best.Count > 1)
        {
            return best;
        }

        foreach (string candidate in candidates)
        {
            if (_single.TryGetValue(candidate, out string? word))
            {
                return (word, 1);
            }
        }

        return best;
    }

    private void Add(string phrase, string target)
    {
        string[] words = phrase.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 1)
        {
            _single.TryAdd(words[0], target);
        }
        else
        {
            if (!_byFirst.TryGetValue(words[0], out List<Phrase>? phrases))
            {
                _byFirst[words[0]] = phrases = [];
            }

            // A rule such as "bow tie" -> "tie" takes the place of the word "bow tie" itself.
            phrases.RemoveAll(p => p.Words.AsSpan().SequenceEqual(words));
            phrases.Add(new(words, target));
        }
    }

    private bool Matches(ReadOnlySpan<string> words, Phrase phrase)
    {
        if (words.Length < phrase.Words.Length)
        {
            return false;
        }

        for (int i = 1; i < phrase.Words.Length; i++)
        {
            if (!Candidates(words[i]).Contains(phrase.Words[i]))
            {
                return false;
            }
        }

        return true;
    }

    private string[] Candidates(string word)
    {
        if (_candidates.TryGetValue(word, out string[]? candidates))
        {
            return candidates;
        }

        candidates = [.. NounLexicon.Default.Candidates(word).Distinct(StringComparer.Ordinal)];
        if (_candidates.Count < CachedAtMost)
        {
            _candidates.TryAdd(word, candidates);
        }

        return candidates;
    }

    private sealed record Phrase(string[] Words, string Target);
}
