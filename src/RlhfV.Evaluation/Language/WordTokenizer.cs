using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// Splits English text into words and punctuation by the rules of the Penn Treebank (R. MacIntyre's tokenizer, 1995, in the form that the
/// benchmarks' scripts use): punctuation comes off, <c>n't</c>, <c>'s</c>, <c>'ll</c> are words of their own, and a period is split off
/// only where a sentence ends.
/// </summary>
internal static class WordTokenizer
{
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "inc", "ltd", "co", "corp", "no", "fig", "approx", "dept", "mt",
        "ft",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> AbbreviationLookup =
        Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Words that are two, by the length of the first: <c>can|not</c>.</summary>
    private static readonly Dictionary<string, int> Joined = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cannot"] = 3,
        ["gimme"] = 3,
        ["gonna"] = 3,
        ["gotta"] = 3,
        ["lemme"] = 3,
        ["wanna"] = 3,
    };

    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> JoinedLookup =
        Joined.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Appends the places of all tokens, in order, to <paramref name="tokens"/>.</summary>
    public static void Tokenize(ReadOnlySpan<char> text, List<TextSpan> tokens)
    {
        int end = text.TrimEnd().Length;
        int at = 0;
        while (at < end)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            int stop = at;
            while (stop < end && !char.IsWhiteSpace(text[stop]))
            {
                stop++;
            }

            Chunk(text, at, stop, isLast: stop == end, tokens);
            at = stop;
        }
    }

    /// <summary>A token as the scripts spell it: a straight double quote becomes two back-ticks or two apostrophes.</summary>
    public static string Spelling(ReadOnlySpan<char> text, TextSpan token) => token.Length == 1 && text[token.Start] == '"'
        ? token.Start == 0 || char.IsWhiteSpace(text[token.Start - 1]) || text[token.Start - 1] is '(' or '[' or '{' or '<' ? "``" : "''"
        : text.Slice(token.Start, token.Length).ToString();

    /// <summary>Splits what stands between white space.</summary>
    private static void Chunk(ReadOnlySpan<char> text, int start, int end, bool isLast, List<TextSpan> tokens)
    {
        int period = SentencePeriod(text, start, end, isLast);
        int word = start;
        for (int i = start; i < end;)
        {
            int length = SeparatorLength(text, i, end, period);
            if (length == 0)
            {
                i++;
                continue;
            }

            Word(text, word, i, tokens);
            tokens.Add(new(i, length));
            i += length;
            word = i;
        }

        Word(text, word, end, tokens);
    }

    /// <summary>Place of the period that ends a sentence within the chunk, or -1.</summary>
    private static int SentencePeriod(ReadOnlySpan<char> text, int start, int end, bool isLast)
    {
        int last = end - 1;
        while (last > start && text[last] is ']' or ')' or '}' or '>' or '"' or '\'' or '\u00BB' or '\u201D' or '\u2019')
        {
            last--;
        }

        if (text[last] != '.' || (last > start && text[last - 1] == '.'))
        {
            return -1;
        }

        ReadOnlySpan<char> word = text[start..last].TrimStart("([{<\"'`");
        bool abbreviation = word.Length == 1 && char.IsLetter(word[0]) || word.Contains('.') && char.IsLetter(word[^1])
            || AbbreviationLookup.Contains(word);
        return abbreviation && !isLast ? -1 : last;
    }

    /// <summary>Length of the punctuation token that starts here, zero inside a word.</summary>
    private static int SeparatorLength(ReadOnlySpan<char> text, int i, int end, int period)
    {
        switch (text[i])
        {
            case ';' or '@' or '#' or '$' or '%' or '&' or '?' or '!' or '*' or '(' or ')' or '[' or ']' or '{' or '}' or '<' or '>' or '"':
            case '\u00AB' or '\u00BB' or '\u201C' or '\u201D' or '\u201E' or '\u2018' or '\u2019':
                return 1;
            case ':' or ',':
                return i + 1 == end || !char.IsAsciiDigit(text[i + 1]) ? 1 : 0;
            case '.':
                int dots = Run(text, i, end, '.');
                return dots > 1 ? dots : i == period ? 1 : 0;
            case '-':
                return i + 1 < end && text[i + 1] == '-' ? 2 : 0;
            case '`':
                return Run(text, i, end, '`');
            case '\'':
                return i + 1 < end && text[i + 1] == '\'' ? 2 : 0;
            default:
                return 0;
        }
    }

    private static int Run(ReadOnlySpan<char> text, int i, int end, char c)
    {
        int stop = i;
        while (stop < end && text[stop] == c)
        {
            stop++;
        }

        return stop - i;
    }

    /// <summary>A word without punctuation around it, which may still be two: with a contraction or a possessive at its end.</summary>
    private static void Word(ReadOnlySpan<char> text, int start, int end, List<TextSpan> tokens)
    {
        if (start == end)
        {
            return;
        }

        ReadOnlySpan<char> word = text[start..end];
        int first = word.Length - SuffixLength(word);
        if (first == word.Length && JoinedLookup.TryGetValue(word, out int length))
        {
            first = length;
        }

        if (first > 0)
        {
            tokens.Add(new(start, first));
        }

        if (first < word.Length)
        {
            tokens.Add(new(start + first, word.Length - first));
        }
    }

    private static int SuffixLength(ReadOnlySpan<char> word)
    {
        const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
        if (word.Length > 3 && (word.EndsWith("n't", IgnoreCase) || word.EndsWith("'ll", IgnoreCase) || word.EndsWith("'re", IgnoreCase)
            || word.EndsWith("'ve", IgnoreCase)))
        {
            return 3;
        }

        if (word.Length > 2 && (word.EndsWith("'s", IgnoreCase) || word.EndsWith("'m", IgnoreCase) || word.EndsWith("'d", IgnoreCase)))
        {
            return 2;
        }

        return word.Length > 1 && word[^1] == '\'' ? 1 : 0;
    }
}
