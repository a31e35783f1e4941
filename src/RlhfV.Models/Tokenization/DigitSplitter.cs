using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>Splits numbers off: every numeral by itself, or each run of them.</summary>
internal sealed class DigitSplitter(bool individual) : PieceSplitter
{
    public override void Split(TextPiece piece, List<TextPiece> pieces)
    {
        ReadOnlySpan<char> text = piece.Span;
        int start = 0;
        bool inNumber = false;
        int at = 0;
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
            bool number = Rune.IsNumber(rune);
            if (at > start && (number != inNumber || (number && individual)))
            {
                pieces.Add(piece.Part(start, at - start));
                start = at;
            }

            inNumber = number;
            at += length;
        }

        if (start < text.Length)
            pieces.Add(piece.Part(start, text.Length - start));
    }
}
