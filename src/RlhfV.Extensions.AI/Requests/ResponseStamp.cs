using Microsoft.Extensions.AI;
using RlhfV.Models.Generation;
using RlhfV.Models.Tokenization;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>Pieces of text to the updates of one response: all carry the same ids, model and time.</summary>
/// <param name="modelId">The name under which the model is served.</param>
/// <param name="createdAt">When the request came.</param>
/// <param name="logProbabilities">Whether the last update carries log-probabilities.</param>
internal sealed class ResponseStamp(string modelId, DateTimeOffset createdAt, bool logProbabilities)
{
    private readonly string _responseId = Guid.NewGuid().ToString("N");
    private readonly string _messageId = Guid.NewGuid().ToString("N");

    public ChatResponseUpdate Piece(string text) => Update(new TextContent(text));

    public ChatResponseUpdate Last(string text, GenerationResult result, TextTokenizer tokenizer)
    {
        var usage = new UsageContent(new UsageDetails
        {
            InputTokenCount = result.PromptTokens,
            OutputTokenCount = result.TokenIds.Count,
            TotalTokenCount = result.PromptTokens + result.TokenIds.Count,
            AdditionalCounts = new() { [RlhfVChatClient.InputImageTokenCount] = result.PromptImageTokens },
        });
        ChatResponseUpdate update = text.Length > 0 ? Update(new TextContent(text), usage) : Update(usage);
        update.FinishReason = result.FinishReason == FinishReason.Stop ? ChatFinishReason.Stop : ChatFinishReason.Length;
        if (logProbabilities)
        {
            TokenLogProbability[] tokens = [.. result.TokenIds.Zip(
                result.LogProbs, (id, logProb) => new TokenLogProbability(id, tokenizer.Token(id) ?? string.Empty, logProb))];
            update.AdditionalProperties = new() { [RlhfVChatProperties.LogProbabilities] = tokens };
        }

        return update;
    }

    private ChatResponseUpdate Update(params IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _responseId,
        MessageId = _messageId,
        ModelId = modelId,
        CreatedAt = createdAt,
    };
}
