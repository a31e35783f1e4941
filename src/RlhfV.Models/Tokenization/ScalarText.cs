using System.Buffers;
using System.Globalization;
using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// A text with one unit per code point, for regular expressions. .NET's classes look at UTF-16 units, to which a letter or digit beyond
/// U+FFFF is two surrogates and neither letter nor digit; here such a code point is one unit of the same class. Texts without
/// surrogates are taken as they are.
/// </summary>
internal readonly ref struct ScalarText
{
    private const char Letter = '\u4E00';
    private const char Number = '\u0660';
    private const char Mark = '\u0300';
    private const char Other = '\u2603';

    private readonly int[]? _units;

    private ScalarText(ReadOnlySpan<char> span, int[]? units)
    {
        Span = span;
        _units = units;
    }

    public ReadOnlySpan<char> Span { get; }

    public static ScalarText Of(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return new ScalarText(text, null);

        char[] scalars = new char[text.Length];
        int[] units = new int[text.Length + 1];
        int count = 0;
        int at = 0;
        while (at < text.Length)
        {
            OperationStatus status = Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
            units[count] = at;
            scalars[count++] = status != OperationStatus.Done || rune.IsBmp ? text[at] : StandIn(rune);
            at += length;
        }

        units[count] = at;
        return new ScalarText(scalars.AsSpan(0, count), units);
    }

    /// <summary>The UTF-16 index of a code point's index.</summary>
    public int Unit(int scalar) => _units is null ? scalar : _units[scalar];

    private static char StandIn(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Mark,
        _ => Other,
    };
}
