namespace RlhfV.Training.Packing;

/// <summary>What became of a set of examples.</summary>
/// <param name="Pairs">The pairs to train on, in the examples' order.</param>
/// <param name="Skipped">The examples that were left out.</param>
public sealed record EncodedExamples(IReadOnlyList<EncodedPair> Pairs, IReadOnlyList<SkippedExample> Skipped);
