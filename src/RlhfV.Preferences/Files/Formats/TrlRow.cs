using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>One row of TRL's conversational layout, before it becomes an example.</summary>
internal sealed record TrlRow
{
    public required IReadOnlyList<PreferenceImage> Images { get; init; }

    /// <summary>The turns before the answers; null when they stand at the head of both answers (TRL's "implicit prompt").</summary>
    public required IReadOnlyList<TrlMessage>? Prompt { get; init; }

    public required IReadOnlyList<TrlMessage> Chosen { get; init; }

    public required IReadOnlyList<TrlMessage> Rejected { get; init; }

    public string? Details { get; init; }

    /// <summary>Makes the example.</summary>
    /// <exception cref="JsonException">The row does not fit an example.</exception>
    public PreferenceExample ToExample()
    {
        int shared = Prompt is null ? Chosen.Zip(Rejected).TakeWhile(pair => pair.First.IsSameAs(pair.Second)).Count() : 0;
        shared = Math.Clamp(Math.Min(Chosen.Count, Rejected.Count) - 1, 0, shared);
        IReadOnlyList<TrlMessage> prompt = Prompt ?? [.. Chosen.Take(shared)];
        // Without any picture part TRL puts the pictures in front by itself.
        int places = prompt.Sum(message => message.Pictures);
        if (places > 0 && places != Images.Count)
            throw new JsonException($"has {places} places for pictures in the conversation, but {Images.Count} pictures.");
        PreferenceTurn[] turns = [.. prompt.Select(ToTurn)];
        if (turns.Length == 0 || turns[^1].Role != PreferenceRole.User)
            throw new JsonException("the conversation does not end with a question of the user, after which the answers would come.");
        return DetailsJson.ReadColumn(
            new PreferenceExample
            {
                ImagePlaces = Places(prompt),
                History = turns[..^1],
                Prompt = turns[^1].Text,
                Chosen = Answer(Chosen, shared, "chosen"),
                Rejected = Answer(Rejected, shared, "rejected"),
            }.WithImages(Images),
            Details);
    }

    /// <summary>Where the pictures stand; nothing when they all stand at the beginning or all at the end of the first user turn.</summary>
    private static IReadOnlyList<ImagePlace> Places(IReadOnlyList<TrlMessage> prompt)
    {
        if (prompt.FirstOrDefault(message => message.Pictures > 0 && message.Role != "user") is { } other)
            throw new JsonException($"a picture stands in a message of the {other.Role}; expected pictures in messages of the user only.");
        TrlMessage? first = prompt.FirstOrDefault(message => message.Role == "user");
        return first is null || (first.HoldsPicturesAtOneEnd && prompt.Sum(message => message.Pictures) == first.Pictures)
            ? []
            : [.. prompt.SelectMany((message, i) => message.PicturePlaces.Select(position => new ImagePlace(i, position)))];
    }

    private static string Answer(IReadOnlyList<TrlMessage> messages, int shared, string column) =>
        messages.Count == shared + 1 && messages[shared] is { Role: "assistant", Pictures: 0 } answer
            ? answer.Text
            : throw new JsonException($"'{column}' is not a single text of the assistant behind the prompt.");

    private static PreferenceTurn ToTurn(TrlMessage message) => new(
        message.Role switch
        {
            "user" => PreferenceRole.User,
            "assistant" => PreferenceRole.Assistant,
            "system" => PreferenceRole.System,
            _ => throw new JsonException($"a message is said by '{message.Role}', expected user, assistant or system."),
        },
        message.Text);
}
