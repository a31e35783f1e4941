namespace RlhfV.Models.Tokenization;

/// <summary>Part of a normalised text: what the vocabulary is asked for at once.</summary>
internal readonly record struct TextPiece(AlignedText Owner, int Start, int Length)
{
    public ReadOnlySpan<char> Span => Owner.Text.AsSpan(Start, Length);

    public TextPiece Part(int start, int length) => this with { Start = Start + start, Length = length };

    /// <summary>The piece as a text of its own, for steps that rewrite it.</summary>
    public AlignedText ToText() => Owner.Slice(Start, Length);

    public static TextPiece Whole(AlignedText text) => new(text, 0, text.Text.Length);
}
