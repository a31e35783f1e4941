namespace RlhfV.Evaluation;

/// <summary>One item of AMBER.</summary>
public sealed record AmberItem
{
    /// <summary>The item's number, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>
    /// What is asked, as the annotations call it, for example <c>generative</c> or <c>discriminative-attribute-state</c>.
    /// </summary>
    public required string Type { get; init; }

    /// <summary>Objects the picture shows, for a description; a repeated object is repeated.</summary>
    public IReadOnlyList<string> Truth { get; init; } = [];

    /// <summary>Objects that models tend to imagine in the picture, for a description.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The right answer of a yes/no question; null for a description.</summary>
    public bool? Answer { get; init; }

    /// <summary>True for a description, false for a question.</summary>
    public bool IsGenerative => Answer is null;
}
