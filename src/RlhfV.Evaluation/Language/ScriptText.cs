using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RlhfV.Evaluation;

/// <summary>
/// Text as the published scripts handle it. Their language, Python 3, draws some lines elsewhere than the framework: U+001C to U+001F are white
/// space, lower case knows the final sigma and writes <c>İ</c> as two characters, and numbers may be grouped by underscores.
/// </summary>
internal static partial class ScriptText
{
    private const char CapitalSigma = '\u03A3', FinalSigma = '\u03C2';
    private const string CapitalDottedI = "\u0130", DottedI = "i\u0307";

    /// <summary>Without white space at both ends (<c>str.strip</c>).</summary>
    public static string Trim(string text)
    {
        int start = 0, end = TextClass.TrimmedLength(text);
        while (start < end && TextClass.IsSpace(text[start]))
        {
            start++;
        }

        return text[start..end];
    }

    /// <summary>The runs between white space (<c>str.split</c>).</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        for (int at = 0; at < text.Length; at++)
        {
            int start = at;
            while (at < text.Length && !TextClass.IsSpace(text[at]))
            {
                at++;
            }

            if (at > start)
            {
                words.Add(text[start..at]);
            }
        }

        return words;
    }

    /// <summary>Lower case (<c>str.lower</c>).</summary>
    public static string Lower(string text)
    {
        string lower = text.ToLowerInvariant();
        if (text.Contains(CapitalSigma))
        {
            lower = string.Create(text.Length, (text, lower), static (result, texts) =>
            {
                texts.lower.CopyTo(result);
                for (int i = 0; i < result.Length; i++)
                {
                    if (texts.text[i] == CapitalSigma && EndsWord(texts.text, i))
                    {
                        result[i] = FinalSigma;
                    }
                }
            });
        }

        return lower.Replace(CapitalDottedI, DottedI, StringComparison.Ordinal);
    }

    /// <summary>True for a decimal digit of any script at a place, also one of two UTF-16 units.</summary>
    public static bool IsDigitAt(string text, int at) => Rune.TryGetRuneAt(text, at, out Rune rune) && Rune.IsDigit(rune);

    /// <summary>True for a decimal digit of any script that ends before a place.</summary>
    public static bool IsDigitBefore(string text, int at) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out Rune rune, out _) == System.Buffers.OperationStatus.Done && Rune.IsDigit(rune);

    /// <summary>A number as <c>float</c> reads it: digits of any script, underscores between digits, nan and inf.</summary>
    public static bool TryNumber(string text, out double number)
    {
        var plain = new StringBuilder(text.Length);
        foreach (Rune rune in text.Trim().EnumerateRunes()) // Here U+001C to U+001F are no white space.
        {
            plain.Append(Rune.IsDigit(rune) ? (char)('0' + (int)Rune.GetNumericValue(rune)) : rune);
        }

        Match match = Number().Match(plain.ToString());
        number = 0;
        if (match.Groups["word"] is { Success: true, Value: var word })
        {
            number = word is ['n' or 'N', ..] ? double.NaN : match.Value[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return match.Success && double.TryParse(
            match.Value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>True when a letter stands before the place and none behind it, marks and apostrophes left aside (Unicode, Final_Sigma).</summary>
    private static bool EndsWord(string text, int at)
    {
        int before = at, behind = at + 1;
        Rune rune;
        do
        {
            _ = Rune.DecodeLastFromUtf16(text.AsSpan(0, before), out rune, out int length);
            before -= length;
        }
        while (before > 0 && IsCaseIgnorable(rune));
        if (!IsCased(rune))
        {
            return false;
        }

        do
        {
            _ = Rune.DecodeFromUtf16(text.AsSpan(behind), out rune, out int length);
            behind += length;
        }
        while (behind < text.Length && IsCaseIgnorable(rune));
        return !IsCased(rune);
    }

    private static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9);

    private static bool IsCaseIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter
            or UnicodeCategory.ModifierSymbol
        || rune.Value is '\'' or '.' or ':' or 0xB7 or 0x2018 or 0x2019 or 0x2024 or 0x2027 or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E
            or 0xFF1A or 0x387 or 0x55F or 0x5F4;

    [GeneratedRegex(
        @"\A[+-]?([0-9](_?[0-9])*(\.([0-9](_?[0-9])*)?)?|\.[0-9](_?[0-9])*|(?<word>[Nn][Aa][Nn]|[Ii][Nn][Ff]([Ii][Nn][Ii][Tt][Yy])?))" +
        @"(?(word)|([eE][+-]?[0-9](_?[0-9])*)?)\z")]
    private static partial Regex Number();
}
