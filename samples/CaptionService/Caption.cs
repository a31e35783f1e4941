using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI;

namespace CaptionService;

/// <summary>An answer.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Model">The model that gave it.</param>
/// <param name="FinishReason"><c>stop</c> when it was complete, <c>length</c> when it was cut.</param>
/// <param name="InputTokens">Tokens of the prompt, those of the picture included.</param>
/// <param name="ImageTokens">Tokens of the picture.</param>
/// <param name="OutputTokens">Tokens of the answer, the ending one included.</param>
/// <param name="Confidence">How sure the model was, above 0, at most 1.</param>
/// <param name="Tokens">The answer token by token.</param>
internal sealed record Caption(
    string Text,
    string? Model,
    string FinishReason,
    long InputTokens,
    long ImageTokens,
    long OutputTokens,
    double Confidence,
    IReadOnlyList<CaptionToken> Tokens)
{
    /// <summary>What a response says, with the log-probabilities that it was asked for.</summary>
    public static Caption Of(ChatResponse response)
    {
        UsageDetails usage = response.Usage!;
        IReadOnlyList<TokenLogProbability> tokens = response.GetLogProbabilities()!;
        return new(
            response.Text,
            response.ModelId,
            response.FinishReason!.Value.Value,
            usage.InputTokenCount!.Value,
            usage.AdditionalCounts![RlhfVChatClient.InputImageTokenCount],
            usage.OutputTokenCount!.Value,
            tokens.GetConfidence(),
            [.. tokens.Select(CaptionToken.Of)]);
    }
}
