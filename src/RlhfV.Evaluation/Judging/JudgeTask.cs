using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>What a benchmark fixes about its judge.</summary>
internal sealed record JudgeTask
{
    /// <summary>Name under which replies are stored.</summary>
    public required string Benchmark { get; init; }

    /// <summary>The prompt before an item is filled in, for the record.</summary>
    public required string Template { get; init; }

    /// <summary>Role of the message that carries the prompt.</summary>
    public required ChatRole Role { get; init; }

    /// <summary>A system message in front of the prompt; null for none.</summary>
    public string? System { get; init; }

    public required float Temperature { get; init; }

    public float? TopP { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>True for a reply in the form asked for.</summary>
    public required Func<string, bool> IsUsable { get; init; }
}
