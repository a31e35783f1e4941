using System.Text.Json;
using Microsoft.Extensions.AI;
using RlhfV.Models.Grounding;
using RlhfV.Models.Tokenization;

namespace RlhfV.Extensions.AI;

/// <summary>Lets answers say how far the picture supports them, so that an app can underline what the model did not really see.</summary>
public static class RlhfVGroundingExtensions
{
    /// <summary>
    /// Asks for the log-ratio of every word's probability with the picture and without it. It costs a pass over the finished answer.
    /// </summary>
    /// <param name="options">The options to set it in.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithGrounding(this ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.AdditionalProperties ??= [])[RlhfVChatProperties.Grounding] = true;
        return options;
    }

    /// <summary>Gives the grounding that a response carries, also after it went through JSON.</summary>
    /// <param name="response">The response.</param>
    /// <returns>Words and stretches with their places in the response's text; null when none was asked for, or the answer is empty.</returns>
    public static AnswerGrounding? GetGrounding(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Find(response.AdditionalProperties) ?? response.Messages.Select(m => Find(m.AdditionalProperties)).FirstOrDefault(p => p is not null);
    }

    /// <summary>Gives the grounding that the last update of a stream carries.</summary>
    /// <param name="update">The update.</param>
    /// <returns>The grounding of the whole answer; null for other updates, when none was asked for, or when the answer is empty.</returns>
    public static AnswerGrounding? GetGrounding(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Find(update.AdditionalProperties);
    }

    private static AnswerGrounding? Find(AdditionalPropertiesDictionary? properties) =>
        properties?.GetValueOrDefault(RlhfVChatProperties.Grounding) switch
        {
            AnswerGrounding grounding => grounding,
            JsonElement { ValueKind: JsonValueKind.Object } json => Read(json),
            _ => null,
        };

    private static AnswerGrounding Read(JsonElement json)
    {
        Dictionary<string, JsonElement> members = Members(json);
        return new AnswerGrounding(
            members[nameof(AnswerGrounding.Answer)].GetString()!, [.. members[nameof(AnswerGrounding.Tokens)].EnumerateArray().Select(Token)]);
    }

    private static GroundedToken Token(JsonElement json)
    {
        Dictionary<string, JsonElement> members = Members(json), span = Members(members[nameof(GroundedToken.Span)]);
        return new GroundedToken(
            members[nameof(GroundedToken.Id)].GetInt32(),
            new TokenSpan(span[nameof(TokenSpan.Start)].GetInt32(), span[nameof(TokenSpan.Length)].GetInt32()),
            members[nameof(GroundedToken.LogProbability)].GetDouble(),
            members[nameof(GroundedToken.BlankLogProbability)].GetDouble());
    }

    // Names may have become camel case on the way.
    private static Dictionary<string, JsonElement> Members(JsonElement json) =>
        json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase);
}
