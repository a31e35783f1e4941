namespace RlhfV.Evaluation;

/// <summary>All judgements of a run.</summary>
/// <param name="Repeats">For each repeat the judgements in the order of the questions.</param>
/// <param name="Summary">Who judged.</param>
internal sealed record JudgeRun(IReadOnlyList<IReadOnlyList<Judgement>> Repeats, JudgeSummary Summary);
