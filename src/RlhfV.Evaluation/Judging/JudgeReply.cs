namespace RlhfV.Evaluation;

/// <summary>One reply of a judge, with all that is needed to compute a score from it again and to say where it came from.</summary>
public sealed record JudgeReply
{
    /// <summary>The benchmark that asked.</summary>
    public required string Benchmark { get; init; }

    /// <summary>The item that was judged.</summary>
    public required string Item { get; init; }

    /// <summary>Which judgement of the item this is, from 0.</summary>
    public int Repeat { get; init; }

    /// <summary>Which attempt at that judgement this is, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The model asked for; empty when the client chose.</summary>
    public string RequestedModel { get; init; } = "";

    /// <summary>The model that replied, as it calls itself; null when it does not say.</summary>
    public string? Model { get; init; }

    /// <summary>SHA-256 of the prompt in hexadecimal: a reply serves only the very same question.</summary>
    public required string PromptHash { get; init; }

    /// <summary>Sampling temperature asked for.</summary>
    public float Temperature { get; init; }

    /// <summary>When the reply arrived.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The reply, unchanged.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// Why the judge stopped, for example <c>stop</c>, <c>length</c> or <c>content_filter</c>; null when it does not say.
    /// </summary>
    public string? FinishReason { get; init; }

    /// <summary>Tokens of the prompt; null when the client does not count.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens of the reply; null when the client does not count.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>True when the reply has the form asked for.</summary>
    public bool IsUsable { get; init; }
}
