namespace RlhfV.Models.Generation;

/// <summary>A finished answer.</summary>
public sealed record GenerationResult
{
    /// <summary>The answer's text, without special tokens and stop texts, trimmed of white space around it.</summary>
    public required string Text { get; init; }

    /// <summary>The answer's token ids, the ending one included.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Natural log-probability of every token of <see cref="TokenIds"/> under the model itself (temperature 1, no filter).</summary>
    public required IReadOnlyList<float> LogProbs { get; init; }

    /// <summary>
    /// What beam search ranked the answer by: the sum of its tokens' processed log-probabilities divided by the number of tokens to the
    /// power of <see cref="GenerationOptions.LengthPenalty"/>. Null without beams.
    /// </summary>
    public double? BeamScore { get; init; }

    /// <summary>Why the answer ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Tokens of the prompt, image tokens included.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>How many of <see cref="PromptTokens"/> are image tokens.</summary>
    public required int PromptImageTokens { get; init; }
}
