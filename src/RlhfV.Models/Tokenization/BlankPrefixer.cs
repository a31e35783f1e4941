namespace RlhfV.Models.Tokenization;

/// <summary>Puts a blank in front of a piece that does not start with one.</summary>
internal sealed class BlankPrefixer : PieceSplitter
{
    public override void Split(TextPiece piece, List<TextPiece> pieces) =>
        pieces.Add(piece.Span.StartsWith(' ') ? piece : TextPiece.Whole(piece.ToText().Prepend(" ")));
}
