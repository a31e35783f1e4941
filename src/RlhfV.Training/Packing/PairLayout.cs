namespace RlhfV.Training.Packing;

/// <summary>How a pair is laid out for the decoder. Both give the same losses and gradients; the first costs about half.</summary>
public enum PairLayout
{
    /// <summary>
    /// One row per pair: shared beginning, rest of the chosen answer, rest of the rejected answer, kept apart by the attention mask.
    /// </summary>
    Packed,

    /// <summary>Two rows per pair, all chosen ones first, as the reference implementation has it.</summary>
    TwoRows,
}
