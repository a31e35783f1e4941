namespace RlhfV.Evaluation;

/// <summary>A judged comparison.</summary>
/// <param name="Type">What the question asks for.</param>
/// <param name="Verdict">The judge's verdict.</param>
public readonly record struct RefoMbJudgement(string Type, RefoMbVerdict Verdict);
