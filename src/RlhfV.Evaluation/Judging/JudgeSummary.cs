namespace RlhfV.Evaluation;

/// <summary>Who judged: what has to be said beside a score for anyone to reproduce it.</summary>
public sealed record JudgeSummary
{
    /// <summary>The models that replied, as they call themselves, or the model asked for when they do not say.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>SHA-256 of the prompt's text before an item is filled in, in hexadecimal.</summary>
    public required string PromptHash { get; init; }

    /// <summary>Sampling temperature asked for.</summary>
    public required float Temperature { get; init; }

    /// <summary>When the first reply arrived; null when there was none.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>When the last reply arrived; null when there was none.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>Replies taken into account, unusable ones included.</summary>
    public int Replies { get; init; }

    /// <summary>Replies that had the form asked for.</summary>
    public int UsableReplies { get; init; }

    /// <summary>Replies that came from the store, without a call.</summary>
    public int StoredReplies { get; init; }

    /// <summary>Tokens of all replies and their prompts.</summary>
    public JudgeTokens Tokens { get; init; }

    /// <summary>Tokens of the usable replies and their prompts.</summary>
    public JudgeTokens UsableTokens { get; init; }
}
