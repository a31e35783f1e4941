namespace RlhfV.Evaluation;

/// <summary>Tokens a judge consumed.</summary>
/// <param name="Input">Tokens of prompts.</param>
/// <param name="Output">Tokens of replies.</param>
public readonly record struct JudgeTokens(long Input, long Output)
{
    /// <summary>Both together.</summary>
    public long Total => Input + Output;
}
