using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>How often one kind of hallucination occurs.</summary>
/// <param name="Type">The kind.</param>
/// <param name="ResponseRate">Share of answers with at least one segment of the kind, 0 to 1.</param>
/// <param name="SegmentsPerResponse">Mean number of segments of the kind in an answer; the numerator is their count.</param>
public sealed record HallucinationTypeMetrics(HallucinationType Type, RatioEstimate ResponseRate, RatioEstimate SegmentsPerResponse);
