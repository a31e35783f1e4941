namespace RlhfV.Evaluation;

/// <summary>
/// English nouns and their base forms: the single-word nouns and irregular plurals of WordNet 3.0, and the nine suffix rules that both
/// lemmatizers of the benchmarks' scripts use.
/// </summary>
internal sealed class NounLexicon
{
    private static readonly Lazy<NounLexicon> LazyDefault = new(() => new());

    /// <summary>Ending of a plural and what replaces it, in the order in which candidates are tried.</summary>
    internal static readonly (string Plural, string Singular)[] Rules =
        [("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y")];

    private readonly HashSet<string> _nouns = new(EmbeddedData.ReadLines("noun-lemmas.txt"), StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _exceptions = ReadExceptions();

    private NounLexicon()
    {
    }

    public static NounLexicon Default => LazyDefault.Value;

    /// <summary>True for the base form of a noun that WordNet lists as one word.</summary>
    public bool IsNoun(string word) => _nouns.Contains(word);

    /// <summary>
    /// The lemma by WordNet's own procedure (morphy): of the word itself, its irregular bases or else the results of all suffix rules,
    /// those that are nouns; the shortest wins, the first among equals. So <c>men</c> stays <c>men</c>, and <c>us</c> becomes <c>u</c>.
    /// </summary>
    public string ShortestLemma(string word)
    {
        string? shortest = null;
        foreach (string candidate in Candidates(word))
        {
            if (_nouns.Contains(candidate) && (shortest is null || candidate.Length < shortest.Length))
            {
                shortest = candidate;
            }
        }

        return shortest ?? word;
    }

    /// <summary>
    /// The lemma of a plural noun by rules and lookup: irregular bases first, then results that are known nouns, the last rule's first;
    /// then results that are no words of letters; then the first unknown result.
    /// </summary>
    /// <param name="word">A plural noun; a lemma is in lower case, a word without one keeps its spelling.</param>
    public string PluralLemma(string word)
    {
        string lower = word.ToLowerInvariant();
        var known = new List<string>();
        string? unknown = null;
        foreach ((string plural, string singular) in Rules)
        {
            string form = Replace(lower, plural, singular);
            if (form.Length == 0)
            {
                continue;
            }

            if (_nouns.Contains(form))
            {
                known.Insert(0, form);
            }
            else if (!form.All(char.IsLetter))
            {
                known.Add(form);
            }
            else
            {
                unknown ??= form;
            }
        }

        foreach (string irregular in _exceptions.GetValueOrDefault(lower, []))
        {
            if (!known.Contains(irregular))
            {
                known.Insert(0, irregular);
            }
        }

        return known.Count > 0 ? known[0] : unknown ?? word;
    }

    /// <summary>The word itself, then its irregular bases or, when it has none, the result of each suffix rule that applies.</summary>
    public IEnumerable<string> Candidates(string word)
    {
        yield return word;
        if (_exceptions.TryGetValue(word, out string[]? bases))
        {
            foreach (string irregular in bases)
            {
                yield return irregular;
            }

            yield break;
        }

        foreach ((string plural, string singular) in Rules)
        {
            if (Replace(word, plural, singular) is { Length: > 0 } form)
            {
                yield return form;
            }
        }
    }

    /// <summary>The word with its ending replaced; empty when it has another ending.</summary>
    private static string Replace(string word, string ending, string replacement) =>
        word.EndsWith(ending, StringComparison.Ordinal) ? string.Concat(word.AsSpan(0, word.Length - ending.Length), replacement) : "";

    private static Dictionary<string, string[]> ReadExceptions()
    {
        var exceptions = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string line in EmbeddedData.ReadLines("noun-exceptions.txt"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            exceptions[words[0]] = words[1..];
        }

        return exceptions;
    }
}
