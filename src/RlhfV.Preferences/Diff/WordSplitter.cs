using System.Globalization;
using System.Text;

namespace RlhfV.Preferences;

/// <summary>
/// Splits a text into words and punctuation marks. A word is a run of letters and digits, with apostrophes inside; scripts that are written
/// without spaces count character by character; everything else that is no white space stands alone.
/// </summary>
internal static class WordSplitter
{
    public static List<TextSpan> Split(string text)
    {
        var words = new List<TextSpan>();
        int wordStart = -1;
        for (int i = 0, length; i < text.Length; i += length)
        {
            length = StringInfo.GetNextTextElementLength(text, i);
            bool continues = IsWordElement(text, i) || (wordStart >= 0 && IsApostrophe(text[i]) && IsWordElement(text, i + length));
            if (continues)
            {
                if (wordStart < 0)
                    wordStart = i;
                continue;
            }

            End(words, ref wordStart, i);
            if (!char.IsWhiteSpace(text[i]))
                words.Add(new TextSpan(i, length));
        }

        End(words, ref wordStart, text.Length);
        return words;
    }

    private static void End(List<TextSpan> words, ref int start, int end)
    {
        if (start >= 0)
            words.Add(new TextSpan(start, end - start));
        start = -1;
    }

    private static bool IsWordElement(string text, int index) =>
        index < text.Length && Rune.TryGetRuneAt(text, index, out Rune rune) && Rune.IsLetterOrDigit(rune)
            && !IsWrittenWithoutSpaces(rune.Value);

    private static bool IsApostrophe(char character) => character is '\'' or '\u2019';

    /// <summary>Han, Kana, Thai, Lao, Khmer, Burmese.</summary>
    private static bool IsWrittenWithoutSpaces(int codePoint) => codePoint is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x2E80 and <= 0x31FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
