namespace RlhfV.Models.Tokenization;

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
