namespace RlhfV.Evaluation;

/// <summary>What a detector finds with one threshold.</summary>
/// <param name="Threshold">Items with this score or a higher one are reported; positive infinity reports none.</param>
/// <param name="TruePositiveRate">Share of the positives that are reported: the recall.</param>
/// <param name="FalsePositiveRate">Share of the negatives that are reported.</param>
/// <param name="Precision">Share of the reported that are positives; NaN when nothing is reported.</param>
public readonly record struct RocPoint(double Threshold, double TruePositiveRate, double FalsePositiveRate, double Precision);
