namespace RlhfV.Training.Packing;

/// <summary>
/// Some pairs laid out for one pass of the network. Letters: P pairs, B rows (P packed, 2P in two rows), T tokens of the longest row,
/// U positions whose next token is scored, R scored tokens of the longest answer.
/// </summary>
/// <remarks>
/// Score tables have 2P rows, chosen answers first and then the rejected ones in the same order, and one column per scored token.
/// </remarks>
public sealed class PackedBatch
{
    internal PackedBatch(IReadOnlyList<EncodedPair> pairs, PairLayout layout, int rows, int length, int columns)
    {
        (Pairs, Layout, Rows, Length, Columns) = (pairs, layout, rows, length, columns);
        Ids = new long[rows * length];
        Positions = new long[rows * length];
        Branches = new long[rows * length];
        Array.Fill(Branches, PaddingBranch);
        Predictors = [];
        PredictorOf = new long[2 * pairs.Count * columns];
        Targets = new long[2 * pairs.Count * columns];
        Scored = new float[2 * pairs.Count * columns];
        Changed = new float[2 * pairs.Count * columns];
    }

    /// <summary>Branch of tokens that every token of the row may see.</summary>
    internal const long SharedBranch = 0;

    /// <summary>Branch of padding.</summary>
    internal const long PaddingBranch = 3;

    /// <summary>The pairs.</summary>
    public IReadOnlyList<EncodedPair> Pairs { get; }

    /// <summary>How they are laid out.</summary>
    public PairLayout Layout { get; }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>T.</summary>
    public int Length { get; }

    /// <summary>R.</summary>
    public int Columns { get; }

    /// <summary>Tokens that are not padding.</summary>
    public int Tokens { get; internal set; }

    /// <summary>How often each pair's pictures appear: once when packed, twice in two rows.</summary>
    public int PictureRepeats => Layout == PairLayout.Packed ? 1 : 2;

    /// <summary>Token ids, <c>[B, T]</c>; 0 at padding.</summary>
    internal long[] Ids { get; }

    /// <summary>Positions, <c>[B, T]</c>; the rejected branch starts again where the shared beginning ends.</summary>
    internal long[] Positions { get; }

    /// <summary>Shared, chosen, rejected or padding, <c>[B, T]</c>. A token sees earlier tokens of the shared and of its own branch.</summary>
    internal long[] Branches { get; }

    /// <summary>The positions that need logits, as indices into the flattened <c>[B * T]</c>, <c>[U]</c>.</summary>
    internal long[] Predictors { get; set; }

    /// <summary>Which predictor a scored token has, as an index into <see cref="Predictors"/>, <c>[2P, R]</c>; 0 where there is none.</summary>
    internal long[] PredictorOf { get; }

    /// <summary>Ids of the scored tokens, <c>[2P, R]</c>.</summary>
    internal long[] Targets { get; }

    /// <summary>1 where the table holds a token, <c>[2P, R]</c>.</summary>
    internal float[] Scored { get; }

    /// <summary>1 where the token was corrected, <c>[2P, R]</c>.</summary>
    internal float[] Changed { get; }
}
