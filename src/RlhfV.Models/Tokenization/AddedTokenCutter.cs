using System.Buffers;
using System.Globalization;
using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>Cuts a text at added tokens: the leftmost first, of those that start at one place the longest.</summary>
internal sealed class AddedTokenCutter
{
    private readonly Dictionary<char, (string Pattern, AddedToken Token)[]> _byFirst;
    private readonly SearchValues<char> _first;
    private readonly bool _pythonBlanks;

    /// <param name="tokens">The tokens and the text to look for; of equal texts the first counts, empty texts are ignored.</param>
    /// <param name="pythonBlanks">
    /// Whether tokens that strip take what Python calls white space (see <see cref="PythonText"/>), or Unicode.
    /// </param>
    public AddedTokenCutter(IEnumerable<(string Pattern, AddedToken Token)> tokens, bool pythonBlanks = false)
    {
        _pythonBlanks = pythonBlanks;
        _byFirst = tokens.Where(t => t.Pattern.Length > 0).DistinctBy(t => t.Pattern).GroupBy(t => t.Pattern[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Pattern.Length).ToArray());
        _first = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>The pieces of the text in order; those between tokens carry no token, empty ones are left out.</summary>
    public List<Cut> Split(ReadOnlySpan<char> text)
    {
        var cuts = new List<Cut>();
        int done = 0;
        int at = 0;
        while (at < text.Length)
        {
            int next = text[at..].IndexOfAny(_first);
            if (next < 0)
                break;
            at += next;
            if (Match(text, at) is not (string pattern, AddedToken token))
            {
                at++;
                continue;
            }

            int start = at;
            int end = at + pattern.Length;
            at = end;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..])))
                continue;

            if (token.StripLeft)
                start = Math.Max(done, start - TrailingBlanks(text[..start]));
            if (token.StripRight)
                end += LeadingBlanks(text[end..]);
            if (start < done)
                continue;
            if (start > done)
                cuts.Add(new Cut(null, done, start - done));
            cuts.Add(new Cut(token, start, end - start));
            done = end;
            at = Math.Max(at, end);
        }

        if (done < text.Length)
            cuts.Add(new Cut(null, done, text.Length - done));
        return cuts;
    }

    private int LeadingBlanks(ReadOnlySpan<char> text) =>
        _pythonBlanks ? PythonText.LeadingBlanks(text) : text.Length - text.TrimStart().Length;

    private int TrailingBlanks(ReadOnlySpan<char> text) =>
        _pythonBlanks ? PythonText.TrailingBlanks(text) : text.Length - text.TrimEnd().Length;

    private (string Pattern, AddedToken Token)? Match(ReadOnlySpan<char> text, int at)
    {
        foreach ((string Pattern, AddedToken Token) candidate in _byFirst[text[at]])
        {
            if (text[at..].StartsWith(candidate.Pattern))
                return candidate;
        }

        return null;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    // Letters, marks, decimal digits, connectors, joiners: what \w means over Unicode.
    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.ConnectorPunctuation || rune.Value is 0x200C or 0x200D;

    /// <summary>A stretch of the text, with the added token that it is, if it is one.</summary>
    internal readonly record struct Cut(AddedToken? Token, int Start, int Length);
}
