namespace RlhfV.Training.Examples;

/// <summary>What became of a set of examples.</summary>
/// <typeparam name="T">An encoded example.</typeparam>
/// <param name="Items">The examples to train on, in the order in which they came.</param>
/// <param name="Skipped">The examples that were left out.</param>
public sealed record EncodedExamples<T>(IReadOnlyList<T> Items, IReadOnlyList<SkippedExample> Skipped);
