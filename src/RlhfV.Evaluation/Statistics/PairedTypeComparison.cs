using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>One kind of hallucination under two models on the same items.</summary>
/// <param name="Type">The kind.</param>
/// <param name="ResponseRateReduction">Relative reduction of the share of responses with it, 1 - candidate / baseline.</param>
/// <param name="ResponseRateChange">Change of that share, candidate - baseline; negative is better.</param>
/// <param name="McNemarP">Exact two-sided p-value on the items that have it under one model only.</param>
public sealed record PairedTypeComparison(
    HallucinationType Type, Estimate ResponseRateReduction, Estimate ResponseRateChange, double McNemarP);
