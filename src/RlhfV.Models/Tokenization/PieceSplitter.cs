using System.Text;
using System.Text.RegularExpressions;

namespace RlhfV.Models.Tokenization;

/// <summary>A step that splits pieces into smaller ones across which no token may reach.</summary>
internal abstract class PieceSplitter
{
    public abstract void Split(TextPiece piece, List<TextPiece> pieces);

    /// <summary>Runs the steps one after the other.</summary>
    public static List<TextPiece> Run(IReadOnlyList<PieceSplitter> steps, TextPiece piece)
    {
        List<TextPiece> pieces = [piece];
        foreach (PieceSplitter step in steps)
        {
            var next = new List<TextPiece>();
            foreach (TextPiece part in pieces)
                step.Split(part, next);
            pieces = next;
        }

        return pieces;
    }
}

/// <summary>Splits at the matches of an expression; what lies between matches is a piece too.</summary>
internal sealed class ExpressionSplitter(Regex expression) : PieceSplitter
{
    public override void Split(TextPiece piece, List<TextPiece> pieces)
    {
        var text = ScalarText.Of(piece.Span);
        int done = 0;
        foreach (ValueMatch match in expression.EnumerateMatches(text.Span))
        {
            int start = text.Unit(match.Index);
            int end = text.Unit(match.Index + match.Length);
            if (start > done)
                pieces.Add(piece.Part(done, start - done));
            if (end > start)
                pieces.Add(piece.Part(start, end - start));
            done = end;
        }

        if (done < piece.Length)
            pieces.Add(piece.Part(done, piece.Length - done));
    }
}

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

/// <summary>Puts a blank in front of a piece that does not start with one.</summary>
internal sealed class BlankPrefixer : PieceSplitter
{
    public override void Split(TextPiece piece, List<TextPiece> pieces) =>
        pieces.Add(piece.Span.StartsWith(' ') ? piece : TextPiece.Whole(piece.ToText().Prepend(" ")));
}

/// <summary>Where <see cref="MetaspaceSplitter"/> puts its mark in front of a piece.</summary>
internal enum PrefixPlace
{
    Never,
    First,
    Always,
}

/// <summary>Writes blanks as a mark, puts the mark in front of a piece that lacks it, and may split before every mark.</summary>
internal sealed class MetaspaceSplitter(char mark, PrefixPlace place, bool split) : PieceSplitter
{
    public override void Split(TextPiece piece, List<TextPiece> pieces)
    {
        AlignedText text = piece.ToText();
        text = text.With(text.Text.Replace(' ', mark));
        if (!text.Text.StartsWith(mark) && (place == PrefixPlace.Always || (place == PrefixPlace.First && text.SourceStart == 0)))
            text = text.Prepend(mark.ToString());
        TextPiece whole = TextPiece.Whole(text);
        if (!split)
        {
            pieces.Add(whole);
            return;
        }

        int start = 0;
        for (int i = 1; i <= text.Text.Length; i++)
        {
            if (i < text.Text.Length && text.Text[i] != mark)
                continue;
            pieces.Add(whole.Part(start, i - start));
            start = i;
        }
    }
}
