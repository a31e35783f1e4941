namespace RlhfV.Models.Tokenization;

/// <summary>A token of a piece, with its UTF-16 span in the piece.</summary>
internal record struct Symbol(int Id, int Start, int End);
