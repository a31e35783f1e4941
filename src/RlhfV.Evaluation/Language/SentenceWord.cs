namespace RlhfV.Evaluation;

/// <summary>Decides whether a sentence ends within a word and what follows it (Kiss and Strunk, 2006, section 4).</summary>
internal static class SentenceWord
{
    /// <summary>Characters that are never part of a word.</summary>
    public static bool IsSeparator(char c) => c is ')' or '"' or ';' or '}' or ']' or '*' or ':' or '@' or '\'' or '(' or '{' or '[' or '!' or '?';

    /// <summary>True when one of the tokens, but not the last, ends a sentence.</summary>
    public static bool HasBreak(ReadOnlySpan<char> context)
    {
        ReadOnlySpan<char> before = default;
        for (int at = 0; at < context.Length;)
        {
            if (TextClass.IsSpace(context[at]))
            {
                at++;
                continue;
            }

            // Tokens end with their line.
            int line = context[at..].IndexOf('\n');
            ReadOnlySpan<char> rest = line < 0 ? context[at..] : context.Slice(at, line);
            ReadOnlySpan<char> token = rest[..TokenLength(rest)];
            if (!before.IsEmpty && EndsSentence(before, token))
            {
                return true;
            }

            before = token;
            at += token.Length;
        }

        return false;
    }

    private static bool EndsSentence(ReadOnlySpan<char> token, ReadOnlySpan<char> next)
    {
        if (token is "." or "?" or "!")
        {
            return true;
        }

        if (token[^1] != '.' || token.EndsWith("..") || token is ". . ." || Abbreviations.Contains(token[..^1]))
        {
            return false;
        }

        // After an initial or a number it depends on what follows: no sentence begins with a small letter or with punctuation.
        return !(IsInitial(token) || IsNumber(token)) || !(next is ";" or ":" or "," or "." or "!" or "?" || TextClass.BeginsLower(next));
    }

    private static bool IsInitial(ReadOnlySpan<char> token) =>
        TextClass.IsLetterAt(token, 0) && (token.Length == 2 || (token.Length == 3 && char.IsSurrogatePair(token[0], token[1])));

    /// <summary>A number such as <c>5.</c>, <c>-1,000.</c> or <c>.5.</c></summary>
    private static bool IsNumber(ReadOnlySpan<char> token)
    {
        ReadOnlySpan<char> digits = token[0] == '-' ? token[1..] : token;
        digits = digits is ['.' or ',', ..] ? digits[1..] : digits;
        if (digits.IsEmpty || !char.IsDigit(digits[0]))
        {
            return false;
        }

        foreach (char c in digits)
        {
            if (!char.IsDigit(c) && c is not (',' or '.' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Length of the first token of a line that begins with no white space.</summary>
    private static int TokenLength(ReadOnlySpan<char> line)
    {
        int run = RunLength(line);
        if (run > 0)
        {
            return run;
        }

        if (line[0] is '(' or '"' or '`' or '{' or '[' or ':' or ';' or '&' or '#' or '*' or '@' or ')' or '}' or ']' or '-' or ',')
        {
            return 1;
        }

        int length = 1;
        while (length < line.Length && !EndsWord(line[length..]))
        {
            length++;
        }

        return length;
    }

    private static bool EndsWord(ReadOnlySpan<char> rest) => IsEdge(rest) || (rest[0] == ',' && (rest.Length == 1 || IsEdge(rest[1..])));

    private static bool IsEdge(ReadOnlySpan<char> rest) => TextClass.IsSpace(rest[0]) || IsSeparator(rest[0]) || RunLength(rest) > 0;

    /// <summary>Length of a run of hyphens or of periods, the latter also with white space between; zero when none begins here.</summary>
    private static int RunLength(ReadOnlySpan<char> text)
    {
        if (text[0] is not ('-' or '.'))
        {
            return 0;
        }

        int same = text.IndexOfAnyExcept(text[0]);
        same = same < 0 ? text.Length : same;
        if (same > 1 || text[0] == '-')
        {
            return same > 1 ? same : 0;
        }

        int spaced = 1;
        while (spaced + 1 < text.Length && TextClass.IsSpace(text[spaced]) && text[spaced + 1] == '.')
        {
            spaced += 2;
        }

        return spaced >= 5 ? spaced : 0;
    }
}
