namespace RlhfV.Evaluation;

/// <summary>A question of LLaVA-Bench with the two answers to compare.</summary>
public sealed record LlavaBenchQuestion
{
    /// <summary>The question's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>conv</c>, <c>detail</c> or <c>complex</c>.</summary>
    public required string Category { get; init; }

    /// <summary>What the judge is told about the picture: captions, a blank line, objects with their boxes.</summary>
    public required string Context { get; init; }

    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>The reference answer, the first assistant's.</summary>
    public required string Reference { get; init; }

    /// <summary>The answer to judge, the second assistant's.</summary>
    public required string Answer { get; init; }
}
