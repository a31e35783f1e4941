namespace RlhfV.Evaluation;

/// <summary>How far a judge has come.</summary>
/// <param name="Done">Judgements made or given up.</param>
/// <param name="Total">Judgements to make.</param>
/// <param name="Calls">Calls to the model so far; judgements taken from a store need none.</param>
public readonly record struct JudgeProgress(int Done, int Total, int Calls);
