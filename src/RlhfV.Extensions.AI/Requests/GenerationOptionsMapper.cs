using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>Chat options to decoding options. What would silently do nothing is refused by name.</summary>
internal static class GenerationOptionsMapper
{
    /// <summary>Maps the options of a request.</summary>
    /// <param name="options">The request's options, not changed, or null.</param>
    /// <param name="client">The client, for <see cref="ChatOptions.RawRepresentationFactory"/>.</param>
    /// <param name="settings">The client's options.</param>
    /// <param name="modelId">The name under which the model is served.</param>
    public static GenerationOptions Map(ChatOptions? options, IChatClient client, RlhfVChatClientOptions settings, string modelId)
    {
        if (options is null)
            return settings.Generation.ToOptions();
        Refuse(options, modelId);
        GenerationOptions mapped = Native(options, client) ?? settings.Generation.ToOptions();
        mapped = mapped with
        {
            MaxNewTokens = options.MaxOutputTokens ?? mapped.MaxNewTokens,
            Temperature = Exact(options.Temperature) ?? mapped.Temperature,
            TopP = Exact(options.TopP) ?? mapped.TopP,
            TopK = options.TopK ?? mapped.TopK,
            Seed = options.Seed is { } seed ? Fold(seed) : mapped.Seed,
            StopStrings = options.StopSequences is { } stops ? [.. stops] : mapped.StopStrings,
            RepetitionPenalty = Number(options, RlhfVChatProperties.RepetitionPenalty) ?? mapped.RepetitionPenalty,
            MinP = Number(options, RlhfVChatProperties.MinP) ?? mapped.MinP,
        };
        try
        {
            mapped.Validate();
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentOutOfRangeException(nameof(options), problem.Message);
        }

        return mapped;
    }

    /// <summary>Whether the request asks for log-probabilities.</summary>
    public static bool WantsLogProbabilities(ChatOptions? options) => Value(options, RlhfVChatProperties.LogProbabilities) switch
    {
        null or false or JsonElement { ValueKind: JsonValueKind.False or JsonValueKind.Null } => false,
        true or JsonElement { ValueKind: JsonValueKind.True } => true,
        { } other => throw new ArgumentException(
            $"{nameof(ChatOptions)}.{nameof(options.AdditionalProperties)}['{RlhfVChatProperties.LogProbabilities}'] is '{other}'; expected true or false.",
            nameof(options)),
    };

    private static void Refuse(ChatOptions options, string modelId)
    {
        if (options.ModelId is { } wanted && wanted != modelId)
            throw new ModelMismatchException($"The request asks for the model '{wanted}'; this client serves '{modelId}'.", nameof(options));
        Refuse(options.Tools is { Count: > 0 }, nameof(options.Tools), "the model calls no tools");
        Refuse(options.ToolMode is RequiredChatToolMode, nameof(options.ToolMode), "the model calls no tools");
        Refuse(options.FrequencyPenalty is not (null or 0), nameof(options.FrequencyPenalty), "use the repetition penalty");
        Refuse(options.PresencePenalty is not (null or 0), nameof(options.PresencePenalty), "use the repetition penalty");
        Refuse(options.ResponseFormat is not (null or ChatResponseFormatText), nameof(options.ResponseFormat), "answers are free text");
        Refuse(options.ConversationId is not null, nameof(options.ConversationId), "send the whole conversation with every request");
        Refuse(options.AllowBackgroundResponses is true, nameof(options.AllowBackgroundResponses), "await the answer, or stream it");
        Refuse(options.ContinuationToken is not null, nameof(options.ContinuationToken), "send the whole conversation again");
        Refuse(options.Reasoning is not null, nameof(options.Reasoning), "the model does not reason apart from its answer");

        string? unknown = options.AdditionalProperties?.Keys.FirstOrDefault(k =>
            k.StartsWith(RlhfVChatProperties.Prefix, StringComparison.OrdinalIgnoreCase)
            && k is not (RlhfVChatProperties.LogProbabilities or RlhfVChatProperties.Grounding
                or RlhfVChatProperties.RepetitionPenalty or RlhfVChatProperties.MinP));
        Refuse(
            unknown is not null, $"{nameof(options.AdditionalProperties)}['{unknown}']",
            $"the names are {RlhfVChatProperties.LogProbabilities}, {RlhfVChatProperties.Grounding}, "
            + $"{RlhfVChatProperties.RepetitionPenalty} and {RlhfVChatProperties.MinP}");

        static void Refuse(bool set, string name, string instead)
        {
            if (set)
                throw new NotSupportedException($"{nameof(ChatOptions)}.{name} is set, and this client cannot honour it: {instead}.");
        }
    }

    private static GenerationOptions? Native(ChatOptions options, IChatClient client) => options.RawRepresentationFactory?.Invoke(client) switch
    {
        null => null,
        GenerationOptions { Beams: > 1 } => throw new NotSupportedException(
            $"{nameof(ChatOptions)}.{nameof(options.RawRepresentationFactory)} asks for beam search ({nameof(GenerationOptions.Beams)} above 1), and "
            + $"requests are decoded together, which beams are not. Use {nameof(VisionLanguageModel)}.{nameof(VisionLanguageModel.Generate)}."),
        GenerationOptions native => native,
        { } other => throw new NotSupportedException(
            $"{nameof(ChatOptions)}.{nameof(options.RawRepresentationFactory)} gave {other.GetType()}; expected {typeof(GenerationOptions)} or null."),
    };

    // 0.7f as a double is 0.699999988; whoever writes 0.7 here and there means the same number, and the same draws.
    private static double? Exact(float? value) =>
        value is { } number ? double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    private static object? Value(ChatOptions? options, string name) => options?.AdditionalProperties?.GetValueOrDefault(name);

    private static double? Number(ChatOptions options, string name) => Value(options, name) switch
    {
        null => null,
        float number => Exact(number),
        double or decimal or int or long or uint or ulong or short or ushort or byte or sbyte =>
            Convert.ToDouble(Value(options, name), CultureInfo.InvariantCulture),
        JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble(),
        { } other => throw new ArgumentException(
            $"{nameof(ChatOptions)}.{nameof(options.AdditionalProperties)}['{name}'] is '{other}'; expected a number.", nameof(options)),
    };

    private static int Fold(long seed) => seed is >= int.MinValue and <= int.MaxValue ? (int)seed : (int)(seed ^ (seed >> 32));
}
