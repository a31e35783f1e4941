using RlhfV.Preferences;

namespace RlhfV.ML.ReferenceScoring;

/// <summary>A pair of answers to score.</summary>
/// <param name="Row">Number of the row, the first being 1.</param>
/// <param name="Example">The pair.</param>
internal readonly record struct PreferenceRow(long Row, PreferenceExample Example);
