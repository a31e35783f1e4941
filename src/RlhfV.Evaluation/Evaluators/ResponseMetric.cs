namespace RlhfV.Evaluation;

/// <summary>One metric of a response: a number, or a yes or no.</summary>
/// <param name="Name">The metric's name.</param>
public sealed record ResponseMetric(string Name)
{
    /// <summary>The value of a numeric metric; null when it cannot be told, or for a yes or no.</summary>
    public double? Number { get; init; }

    /// <summary>The value of a yes-or-no metric; null when it cannot be told, or for a number.</summary>
    public bool? Flag { get; init; }

    /// <summary>Why the value is what it is, in one sentence; null when there is nothing to say.</summary>
    public string? Reason { get; init; }
}
