namespace RlhfV.Training;

/// <summary>An example that was left out of a run.</summary>
/// <param name="Id">Its row and, where known, its identifier.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedExample(string Id, string Reason);
