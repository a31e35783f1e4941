namespace RlhfV.Models.Tokenization;

/// <summary>A text as token ids, with the place of every token in the text.</summary>
/// <param name="Ids">The token ids, in order.</param>
/// <param name="Offsets">One span per id.</param>
public sealed record EncodedText(IReadOnlyList<int> Ids, IReadOnlyList<TokenSpan> Offsets);
