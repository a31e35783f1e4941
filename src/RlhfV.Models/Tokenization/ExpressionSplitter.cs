using System.Text.RegularExpressions;

namespace RlhfV.Models.Tokenization;

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
