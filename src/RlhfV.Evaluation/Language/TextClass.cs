using System.Buffers;
using System.Globalization;
using System.Text;

namespace RlhfV.Evaluation;

/// <summary>The classes of characters that the published tokenizers tell apart, which are those of their language and not of this one.</summary>
internal static class TextClass
{
    /// <summary>White space; U+001C to U+001F, the separators of information, belong to it there.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary>Length of the text without the white space at its end.</summary>
    public static int TrimmedLength(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    /// <summary>A letter, a numeral or an underscore stands at the place. Combining marks are none of these.</summary>
    public static bool IsWordAt(ReadOnlySpan<char> text, int at) =>
        at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_' || (text[at] > '\u007F' && IsWordRune(text, at)));

    /// <summary>A letter or a numeral that is no decimal digit, or an underscore.</summary>
    public static bool IsLetterAt(ReadOnlySpan<char> text, int at) => IsWordAt(text, at) && !char.IsDigit(text[at]);

    /// <summary>The text with a blank for every other white space: a clitic comes off only before a blank.</summary>
    public static string WithBlanks(string text) => text.All(c => c == ' ' || !IsSpace(c))
        ? text
        : string.Create(text.Length, text, static (blanks, text) =>
        {
            for (int i = 0; i < blanks.Length; i++)
            {
                blanks[i] = IsSpace(text[i]) ? ' ' : text[i];
            }
        });

    /// <summary>The text begins with a small letter; ordinal indicators, small Roman numerals and circled small letters are such letters too.</summary>
    public static bool BeginsLower(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done
        && (Rune.IsLower(rune) || rune.Value is 0xAA or 0xBA or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9));

    private static bool IsWordRune(ReadOnlySpan<char> text, int at)
    {
        int start = at > 0 && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
        return Rune.DecodeFromUtf16(text[start..], out Rune rune, out _) == OperationStatus.Done
            && (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber);
    }
}
