using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RlhfV.Extensions.AI;

/// <summary>Typed access to what <see cref="RlhfVChatProperties"/> names.</summary>
public static class RlhfVChatExtensions
{
    /// <summary>Asks for the log-probability of every token of the answer.</summary>
    /// <param name="options">The options to set it in.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithLogProbabilities(this ChatOptions options) => Set(options, RlhfVChatProperties.LogProbabilities, true);

    /// <summary>Sets the repetition penalty.</summary>
    /// <param name="options">The options to set it in.</param>
    /// <param name="penalty">Above 0; 1 does nothing, 1.1 to 1.3 is usual.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithRepetitionPenalty(this ChatOptions options, double penalty) =>
        Set(options, RlhfVChatProperties.RepetitionPenalty, penalty);

    /// <summary>Keeps only tokens that are not much less likely than the likeliest.</summary>
    /// <param name="options">The options to set it in.</param>
    /// <param name="minP">Share of the likeliest token's probability, 0 or more, below 1; 0 keeps all.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithMinP(this ChatOptions options, double minP) => Set(options, RlhfVChatProperties.MinP, minP);

    /// <summary>Gives the log-probabilities that a response carries, also after it went through JSON.</summary>
    /// <param name="response">The response.</param>
    /// <returns>One entry per token, the ending one included; null when none were asked for.</returns>
    public static IReadOnlyList<TokenLogProbability>? GetLogProbabilities(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Find(response.AdditionalProperties) ?? response.Messages.Select(m => Find(m.AdditionalProperties)).FirstOrDefault(p => p is not null);
    }

    /// <summary>Gives the log-probabilities that the last update of a stream carries.</summary>
    /// <param name="update">The update.</param>
    /// <returns>One entry per token, the ending one included; null for other updates and when none were asked for.</returns>
    public static IReadOnlyList<TokenLogProbability>? GetLogProbabilities(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Find(update.AdditionalProperties);
    }

    /// <summary>
    /// How sure the model was of its answer: the geometric mean of its tokens' probabilities, above 0, at most 1. Low values often mark
    /// what it made up.
    /// </summary>
    /// <param name="tokens">Log-probabilities of an answer, at least one.</param>
    public static double GetConfidence(this IReadOnlyList<TokenLogProbability> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return tokens.Count > 0
            ? Math.Exp(tokens.Average(t => t.LogProbability))
            : throw new ArgumentException("There are no tokens; expected at least one.", nameof(tokens));
    }

    private static ChatOptions Set(ChatOptions options, string name, object value)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.AdditionalProperties ??= [])[name] = value;
        return options;
    }

    private static IReadOnlyList<TokenLogProbability>? Find(AdditionalPropertiesDictionary? properties) =>
        properties?.GetValueOrDefault(RlhfVChatProperties.LogProbabilities) switch
        {
            IReadOnlyList<TokenLogProbability> tokens => tokens,
            JsonElement { ValueKind: JsonValueKind.Array } json => [.. json.EnumerateArray().Select(Read)],
            _ => null,
        };

    private static TokenLogProbability Read(JsonElement json)
    {
        // Names may have become camel case on the way.
        Dictionary<string, JsonElement> members = json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase);
        return new(
            members[nameof(TokenLogProbability.Id)].GetInt32(),
            members[nameof(TokenLogProbability.Token)].GetString()!,
            members[nameof(TokenLogProbability.LogProbability)].GetDouble());
    }
}
