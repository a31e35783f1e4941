using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// A tagger that needs no model: closed word classes and common adjectives are listed, a few rules of context find verbs, everything else
/// is a noun. Enough to tell which words of an object list name objects; how often it agrees with the reference's tags is in the
/// documentation.
/// </summary>
public sealed class LexiconTagger : IPhraseTagger
{
    /// <summary>The tagger; it has no state.</summary>
    public static LexiconTagger Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<TaggedWord> Tag(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<WordToken> tokens = Tokens(text);
        var words = new TaggedWord[tokens.Count];
        for (int i = words.Length - 1; i >= 0; i--)
        {
            string word = tokens[i].Spelling(text);
            string tag = TagOf(word, i > 0 ? tokens[i - 1].Spelling(text) : "", i + 1 < words.Length && words[i + 1].IsNoun);
            words[i] = new(word, Lemma(word, tag), tag);
        }

        return words;
    }

    /// <summary>Words, those joined by a hyphen taken apart, as neural taggers of English do.</summary>
    private static List<WordToken> Tokens(string text)
    {
        var tokens = new List<WordToken>();
        WordTokenizer.Tokenize(TextClass.WithBlanks(text), tokens);
        var parts = new List<WordToken>(tokens.Count);
        foreach (WordToken token in tokens)
        {
            int start = token.Span.Start;
            for (int i = start + 1; i + 1 < token.Span.End; i++)
            {
                if (text[i] == '-' && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1]))
                {
                    parts.Add(new(new TextSpan(start, i - start), '\0'));
                    parts.Add(new(new TextSpan(i, 1), '\0'));
                    start = i + 1;
                }
            }

            parts.Add(new(new TextSpan(start, token.Span.End - start), token.Quote));
        }

        return parts;
    }

    private static string Lemma(string word, string tag) => tag switch
    {
        "NNS" => NounLexicon.Default.PluralLemma(word),
        "NNP" or "NNPS" => word,
        _ => word.ToLowerInvariant(),
    };

    private static string TagOf(string word, string before, bool beforeNoun)
    {
        string lower = word.ToLowerInvariant();
        if (EnglishWords.ColorsAndThings.Contains(lower))
        {
            return beforeNoun ? "JJ" : "NN";
        }

        if (EnglishWords.Tags.TryGetValue(lower, out string? tag))
        {
            return tag;
        }

        if (!char.IsLetterOrDigit(word[0]))
        {
            return word.All(char.IsPunctuation) ? "." : "SYM";
        }

        if (char.IsDigit(word[0]))
        {
            return "CD";
        }

        string? tagBefore = EnglishWords.Tags.GetValueOrDefault(before.ToLowerInvariant());
        if (tagBefore is "MD" or "TO" or "PRP")
        {
            return tagBefore == "PRP" ? "VBP" : "VB";
        }

        if (IsDescription(lower))
        {
            return "JJ";
        }

        return IsName(word) ? "NNP" : IsPlural(lower) ? "NNS" : "NN";
    }

    /// <summary>Capitals inside a word (iPhone) or an abbreviation (TV); a word shouted in capitals is an ordinary one.</summary>
    private static bool IsName(string word) =>
        word.Length > 1 && word.Skip(1).Any(char.IsUpper) && (word.Length <= 3 || word.Any(char.IsLower));

    /// <summary>Endings of adjectives and participles, except where the word is a noun people see.</summary>
    internal static bool IsDescription(string word) =>
        !EnglishWords.ThingsInIng.Contains(word)
        && ((word.Length > 5 && (word.EndsWith("ing", StringComparison.Ordinal) || word.EndsWith("ful", StringComparison.Ordinal)
                || word.EndsWith("ous", StringComparison.Ordinal) || word.EndsWith("less", StringComparison.Ordinal)))
            || (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal) && !NounLexicon.Default.IsNoun(word)));

    private static bool IsPlural(string word)
    {
        if (EnglishWords.PluralsOnly.Contains(word))
        {
            return true;
        }

        if (EnglishWords.SingularsInS.Contains(word) || word.EndsWith("ss", StringComparison.Ordinal))
        {
            return false;
        }

        string lemma = NounLexicon.Default.PluralLemma(word);
        return lemma != word && (NounLexicon.Default.IsNoun(lemma) || !NounLexicon.Default.IsNoun(word));
    }
}
