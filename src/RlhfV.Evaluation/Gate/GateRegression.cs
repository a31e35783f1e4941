namespace RlhfV.Evaluation;

/// <summary>A threshold that a candidate breaks.</summary>
/// <param name="Figure">The figure, for example <c>response rate</c>.</param>
/// <param name="Scope">Where: <c>all</c>, <c>type object</c>, <c>scene kitchen</c>.</param>
/// <param name="Baseline">The baseline's figure; NaN when only the candidate's is limited.</param>
/// <param name="Candidate">The candidate's figure.</param>
/// <param name="Change">Candidate - baseline with its paired interval; absent when only the candidate's is limited.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Message">All of it in one sentence.</param>
public sealed record GateRegression(
    string Figure, string Scope, double Baseline, double Candidate, Estimate Change, double Limit, string Message);
