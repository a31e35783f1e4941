namespace RlhfV.Evaluation;

/// <summary>
/// The rules of the Penn Treebank for words (R. MacIntyre, 1995) in the form that the benchmarks' scripts use, one pass over the sentence each.
/// Order matters: a rule sees the blanks of those before it, and some look for a blank and for no other white space.
/// </summary>
internal static class TreebankRules
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>Words that are two, by the first of them.</summary>
    private static readonly (string First, string Second)[] Joined =
        [("can", "not"), ("d", "'ye"), ("gim", "me"), ("gon", "na"), ("got", "ta"), ("lem", "me"), ("more", "'n")];

    /// <summary>Where the clitic begins that the apostrophe at a place belongs to; -1 where it belongs to none.</summary>
    private delegate int CliticRule(ReadOnlySpan<char> text, int apostrophe);

    /// <summary>Takes the sentence apart.</summary>
    public static void Apply(TreebankText text)
    {
        OpeningMarks(text);
        OpeningQuotes(text);
        LooseApostrophes(text);
        LastPeriod(text);
        ColonsAndCommas(text);
        Periods(text);
        Pad(text, ";@#$%&");
        Pad(text, "?!");
        Clitics(text, static (s, i) => EndsBeforeBlank(s, i, 1) && i > 0 && s[i - 1] != '\'' ? i : -1);
        Pad(text, "*");
        Pad(text, "][(){}<>");
        Pairs(text, '-');
        text.Pad(0, text.Text.Length);
        text.Apply();
        Pad(text, "\u00BB\u201D\u2019");
        Pairs(text, '\'');
        Replace(text, "\"", static (text, i) => text.PutQuote('\'', i, 1)); // Quotes that open are written otherwise by now.
        Clitics(text, ShortClitic);
        Clitics(text, LongClitic);
        JoinedWords(text);
        Shortened(text, "'tis");
        Shortened(text, "'twas");
    }

    private static void OpeningMarks(TreebankText text)
    {
        ReadOnlySpan<char> s = text.Text;
        if (!s.ContainsAny("\u00AB\u201C\u2018\u201E`"))
        {
            return;
        }

        for (int i = 0; i < s.Length;)
        {
            int ticks = Run(s, i, '`');
            int count = Math.Max(ticks, 1);
            if (ticks > 0 || s[i] is '\u00AB' or '\u201C' or '\u2018' or '\u201E')
            {
                text.Pad(i, count);
            }
            else
            {
                text.Copy(i);
            }

            i += count;
        }

        text.Apply();
    }

    private static void OpeningQuotes(TreebankText text)
    {
        ReadOnlySpan<char> s = text.Text;
        if (!s.ContainsAny('"', '`', '\''))
        {
            return;
        }

        // A quote that opens the sentence, then those behind a blank: the first may put that blank.
        int at = 0;
        if (s[0] == '"')
        {
            text.PutQuote('`', 0, 1);
            at = 1;
        }

        text.Copy(at, s.Length - at);
        text.Apply();
        Pairs(text, '`');
        s = text.Text;
        for (int i = 0; i < s.Length; i++)
        {
            text.Copy(i);
            int quote = i + 1 < s.Length && s[i] is ' ' or '(' or '[' or '{' or '<' ? QuoteLength(s, i + 1) : 0;
            if (quote > 0)
            {
                text.PutQuote('`', i + 1, quote);
                i += quote;
            }
        }

        text.Apply();
    }

    private static int QuoteLength(ReadOnlySpan<char> s, int i) => s[i] == '"' ? 1 : i + 1 < s.Length && s[i] == '\'' && s[i + 1] == '\'' ? 2 : 0;

    /// <summary>An apostrophe before a single character stands alone, unless the two are a clitic.</summary>
    private static void LooseApostrophes(TreebankText text)
    {
        ReadOnlySpan<char> s = text.Text;
        if (!s.Contains('\''))
        {
            return;
        }

        for (int i = 0; i < s.Length; i++)
        {
            text.Copy(i);
            int width = i + 2 < s.Length && char.IsSurrogatePair(s[i + 1], s[i + 2]) ? 2 : 1;
            if (s[i] == '\'' && TextClass.IsWordAt(s, i + 1) && !TextClass.IsWordAt(s, i + 1 + width)
                && char.ToLowerInvariant(s[i + 1]) is not ('m' or 't' or 's' or 'd' or 'n' or '\u017F'))
            {
                text.Blank();
            }
        }

        text.Apply();
    }

    /// <summary>The period that ends the sentence, closing marks behind it or not.</summary>
    private static void LastPeriod(TreebankText text)
    {
        ReadOnlySpan<char> s = text.Text;
        int period = s.LastIndexOf('.');
        if (period < 1 || s[period - 1] == '.')
        {
            return;
        }

        int closers = period + 1;
        while (closers < s.Length && s[closers] is ']' or ')' or '}' or '>' or '"' or '\'' or '\u00BB' or '\u201D' or '\u2019' or ' ')
        {
            closers++;
        }

        int end = closers;
        while (end < s.Length && TextClass.IsSpace(s[end]))
        {
            end++;
        }

        if (end < s.Length)
        {
            return;
        }

        text.Copy(0, period);
        text.Pad(period, 1);
        text.Copy(period + 1, closers - period - 1);
        text.Blank();
        text.Apply();
    }

    /// <summary>A colon or a comma comes off unless a digit follows; the character that follows is not looked at again.</summary>
    private static void ColonsAndCommas(TreebankText text)
    {
        ReadOnlySpan<char> s = text.Text;
        if (!s.ContainsAny(':', ','))
        {
            return;
        }

        for (int i = 0; i < s.Length; i++)
        {
            if (s[i] is ':' or ',' && i + 1 < s.Length && !char.IsDigit(s[i + 1]))
            {
                text.Pad(i, 1);
                text.Copy(++i);
            }
            else
            {
                text.Copy(i);
            }
        }

        text.Apply();
        s = text.Text;
        int last = s.Length - (s.EndsWith("\n") ? 2 : 1);
        if (last >= 0 && s[last] is ':' or ',')
        {
            text.Copy(0, last);
            text.Pad(last, 1);
            text.Apply();
        }
    }

    private static void Periods(TreebankText text)
    {
        ReadOnlySpan<char> s = text.Text;
        if (!s.Contains("..", StringComparison.Ordinal))
        {
            return;
        }

        for (int i = 0; i < s.Length;)
        {
            int dots = Run(s, i, '.');
            if (dots > 1)
            {
                text.Pad(i, dots);
            }
            else
            {
                text.Copy(i);
            }

            i += Math.Max(dots, 1);
        }

        text.Apply();
    }

    private static void Pad(TreebankText text, string marks) => Replace(text, marks, static (text, i) => text.Pad(i, 1));

    /// <summary>Puts something in the place of each of some marks.</summary>
    private static void Replace(TreebankText text, string marks, Action<TreebankText, int> put)
    {
        ReadOnlySpan<char> s = text.Text;
        int copied = 0;
        for (int i = s.IndexOfAny(marks); i >= 0; i = s[copied..].IndexOfAny(marks))
        {
            text.Copy(copied, i);
            put(text, copied + i);
            copied += i + 1;
        }

        if (copied > 0)
        {
            text.Copy(copied, s.Length - copied);
            text.Apply();
        }
    }

    /// <summary>Two equal characters are a token, read from the left.</summary>
    private static void Pairs(TreebankText text, char mark)
    {
        ReadOnlySpan<char> s = text.Text;
        if (!s.Contains([mark, mark], StringComparison.Ordinal))
        {
            return;
        }

        for (int i = 0; i < s.Length; i++)
        {
            if (s[i] == mark && i + 1 < s.Length && s[i + 1] == mark)
            {
                text.Pad(i, 2);
                i++;
            }
            else
            {
                text.Copy(i);
            }
        }

        text.Apply();
    }

    /// <summary>Puts a blank before each clitic.</summary>
    private static void Clitics(TreebankText text, CliticRule rule)
    {
        ReadOnlySpan<char> s = text.Text;
        int copied = 0;
        for (int i = s.IndexOf('\''); i >= 0; i = Next(s, i + 1))
        {
            if (rule(s, i) is >= 0 and int start)
            {
                text.Copy(copied, start - copied);
                text.Blank();
                copied = start;
            }
        }

        if (copied > 0)
        {
            text.Copy(copied, s.Length - copied);
            text.Apply();
        }

        static int Next(ReadOnlySpan<char> s, int from) => s[from..].IndexOf('\'') is >= 0 and int found ? from + found : -1;
    }

    private static bool EndsBeforeBlank(ReadOnlySpan<char> s, int i, int length) => i + length < s.Length && s[i + length] == ' ';

    private static bool Follows(ReadOnlySpan<char> s, int i) => i > 0 && s[i - 1] is not ('\'' or ' ');

    private static int ShortClitic(ReadOnlySpan<char> s, int i) =>
        Follows(s, i) && (EndsBeforeBlank(s, i, 1) || (EndsBeforeBlank(s, i, 2) && s[i + 1] is 's' or 'S' or 'm' or 'M' or 'd' or 'D')) ? i : -1;

    private static int LongClitic(ReadOnlySpan<char> s, int i) =>
        EndsBeforeBlank(s, i, 3) && Follows(s, i) && s.Slice(i, 3) is "'ll" or "'LL" or "'re" or "'RE" or "'ve" or "'VE" ? i
        : EndsBeforeBlank(s, i, 2) && Follows(s, i - 1) && s.Slice(i - 1, 3) is "n't" or "N'T" ? i - 1
        : -1;

    private static void JoinedWords(TreebankText text)
    {
        ReadOnlySpan<char> s = text.Text;
        int copied = 0;
        for (int i = 0; i < s.Length;)
        {
            (int first, int second) = s[i] is ' ' || TextClass.IsWordAt(s, i - 1) ? default : JoinedAt(s[i..]);
            if (second == 0)
            {
                i++;
                continue;
            }

            text.Copy(copied, i - copied);
            text.Pad(i, first);
            text.Pad(i + first, second);
            i += first + second;
            copied = i;
        }

        if (copied > 0)
        {
            text.Copy(copied, s.Length - copied);
            text.Apply();
        }
    }

    private static (int First, int Second) JoinedAt(ReadOnlySpan<char> s)
    {
        foreach ((string first, string second) in Joined)
        {
            if (s.StartsWith(first, IgnoreCase) && s[first.Length..].StartsWith(second, IgnoreCase)
                && !TextClass.IsWordAt(s, first.Length + second.Length))
            {
                return (first.Length, second.Length);
            }
        }

        return s.Length > 5 && s.StartsWith("wanna", IgnoreCase) && TextClass.IsSpace(s[5]) ? (3, 2) : default;
    }

    /// <summary><c>'tis</c> and <c>'twas</c> behind a blank.</summary>
    private static void Shortened(TreebankText text, string word)
    {
        ReadOnlySpan<char> s = text.Text;
        if (!s.Contains(word, IgnoreCase))
        {
            return;
        }

        for (int i = 0; i < s.Length; i++)
        {
            if (i > 0 && s[i - 1] == ' ' && s[i..].StartsWith(word, IgnoreCase) && !TextClass.IsWordAt(s, i + word.Length))
            {
                text.Pad(i, 2);
                text.Pad(i + 2, word.Length - 2);
                i += word.Length - 1;
            }
            else
            {
                text.Copy(i);
            }
        }

        text.Apply();
    }

    private static int Run(ReadOnlySpan<char> s, int i, char c)
    {
        int stop = i;
        while (stop < s.Length && s[stop] == c)
        {
            stop++;
        }

        return stop - i;
    }
}
