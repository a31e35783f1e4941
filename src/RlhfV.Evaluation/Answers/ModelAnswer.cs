namespace RlhfV.Evaluation;

/// <summary>An answer of a model to a benchmark's question, as a tool wrote it.</summary>
public sealed record ModelAnswer
{
    /// <summary>Identifies the picture: an image id, a file name, or whatever the benchmark's truth uses.</summary>
    public required string ImageId { get; init; }

    /// <summary>The question as asked.</summary>
    public required string Question { get; init; }

    /// <summary>The answer, untrimmed; may be empty.</summary>
    public required string Text { get; init; }

    /// <summary>Identifies the question where an image has several; null when the tool wrote none.</summary>
    public string? QuestionId { get; init; }

    /// <summary>The model that answered; null when the tool wrote none.</summary>
    public string? Model { get; init; }
}
