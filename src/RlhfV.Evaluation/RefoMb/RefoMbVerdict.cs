namespace RlhfV.Evaluation;

/// <summary>Which of two answers a judge prefers.</summary>
public enum RefoMbVerdict
{
    /// <summary>The reference model's: <c>[[A]]</c>.</summary>
    Loss = -1,

    /// <summary>Neither: <c>[[C]]</c>.</summary>
    Tie = 0,

    /// <summary>The evaluated model's: <c>[[B]]</c>.</summary>
    Win = 1,
}
