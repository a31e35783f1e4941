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
