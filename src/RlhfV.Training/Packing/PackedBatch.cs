using RlhfV.Training.Examples;

namespace RlhfV.Training.Packing;

/// <summary>
/// Token sequences laid out for one pass of the network, and where the log-probabilities that matter will be found. Letters: B rows,
/// T tokens of the longest row, U positions whose next token is scored; the score table has S rows of R columns, one column per scored
/// token.
/// </summary>
public sealed class PackedBatch
{
    private readonly Dictionary<long, long> _predictors = [];

    internal PackedBatch(
        IReadOnlyList<string> examples,
        IReadOnlyList<ExamplePicture> pictures,
        int rows,
        int length,
        int tableRows,
        int columns,
        bool masked,
        int axes)
    {
        (Examples, Pictures, Rows, Length, TableRows, Columns, Masked, Axes) =
            (examples, pictures, rows, length, tableRows, columns, masked, axes);
        Ids = new long[rows * length];
        Positions = new long[rows * length * axes];
        Branches = new long[rows * length];
        Array.Fill(Branches, PaddingBranch);
        PredictorOf = new long[tableRows * columns];
        Targets = new long[tableRows * columns];
        Scored = new float[tableRows * columns];
        Changed = new float[tableRows * columns];
    }

    /// <summary>Branch of tokens that every token of the row may see.</summary>
    internal const long SharedBranch = 0;

    /// <summary>Branch of padding.</summary>
    internal const long PaddingBranch = 3;

    /// <summary>Names of the examples, for messages.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>The pictures in the order in which their tokens stand in the rows; one that stands twice is listed twice.</summary>
    public IReadOnlyList<ExamplePicture> Pictures { get; }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>T.</summary>
    public int Length { get; }

    /// <summary>S.</summary>
    public int TableRows { get; }

    /// <summary>R.</summary>
    public int Columns { get; }

    /// <summary>Whether rows hold branches that must not see each other; else causal order is enough.</summary>
    public bool Masked { get; }

    /// <summary>Number of axes on which positions are counted.</summary>
    public int Axes { get; }

    /// <summary>Tokens that are not padding.</summary>
    public int Tokens { get; private set; }

    /// <summary>Token ids, <c>[B, T]</c>; 0 at padding.</summary>
    internal long[] Ids { get; }

    /// <summary>Positions, <c>[B, T, Axes]</c>; each branch starts again where the shared beginning ends.</summary>
    internal long[] Positions { get; }

    /// <summary>
    /// Shared, chosen, rejected or padding, <c>[B, T]</c>. A token sees earlier tokens of the shared and of its own branch.
    /// </summary>
    internal long[] Branches { get; }

    /// <summary>
    /// The positions that need logits, as indices into the flattened <c>[B * T]</c>, <c>[U]</c>; one that counts for nothing where no token is
    /// scored.
    /// </summary>
    internal long[] Predictors => _predictors.Count == 0 ? [0] : [.. _predictors.Keys];

    /// <summary>
    /// Which predictor a scored token has, as an index into <see cref="Predictors"/>, <c>[S, R]</c>; 0 where there is none.
    /// </summary>
    internal long[] PredictorOf { get; }

    /// <summary>Ids of the scored tokens, <c>[S, R]</c>.</summary>
    internal long[] Targets { get; }

    /// <summary>1 where the table holds a token, <c>[S, R]</c>.</summary>
    internal float[] Scored { get; }

    /// <summary>1 where the token was corrected, <c>[S, R]</c>.</summary>
    internal float[] Changed { get; }

    /// <summary>
    /// Lays the tokens <c>from .. to</c> of a sequence from column <c>at</c> of a row on; their positions are those in the sequence.
    /// </summary>
    internal void Lay(int row, int at, EncodedSequence sequence, int from, int to, long branch)
    {
        for (int t = from; t < to; t++)
        {
            int cell = row * Length + at + t - from;
            (Ids[cell], Branches[cell]) = (sequence.Ids[t], branch);
            Span<long> place = Positions.AsSpan(cell * Axes, Axes);
            if (sequence.Positions is { } own)
            {
                own[t].CopyTo(place);
            }
            else
            {
                place.Fill(t);
            }
        }

        Tokens += to - from;
    }

    /// <summary>
    /// Fills one row of the score table from a sequence whose tokens before <c>from</c> stand at the row's beginning and whose others stand
    /// from column <c>at</c> on. The token before the first of a branch is the last of the shared beginning.
    /// </summary>
    internal void Score(int tableRow, int row, EncodedSequence sequence, int from, int at)
    {
        int cell = tableRow * Columns;
        for (int t = 1; t < sequence.Length; t++)
        {
            if (sequence.Roles[t] == TokenRole.Unscored)
            {
                continue;
            }

            int before = t - 1 < from ? t - 1 : at + t - 1 - from;
            long predictor = (long)row * Length + before;
            if (!_predictors.TryGetValue(predictor, out long index))
            {
                _predictors.Add(predictor, index = _predictors.Count);
            }

            PredictorOf[cell] = index;
            Targets[cell] = sequence.Ids[t];
            Scored[cell] = 1;
            Changed[cell] = sequence.Roles[t] == TokenRole.Changed ? 1 : 0;
            cell++;
        }
    }
}
