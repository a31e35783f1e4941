namespace RlhfV.Evaluation;

/// <summary>One point of a curve in a report.</summary>
/// <param name="Step">Where it lies, for example the number of optimizer steps taken.</param>
/// <param name="Value">The value there; a value that is no finite number leaves a gap.</param>
public readonly record struct ReportPoint(double Step, double Value);
