namespace RlhfV.Models.Tokenization;

/// <summary>Two neighbouring tokens become one; of all possible merges the lowest rank goes first, of equal ranks the leftmost.</summary>
internal readonly record struct Merge(int Rank, int Id);
