using Microsoft.Extensions.AI;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>Chat messages to the prompt a model reads. What it does not understand it refuses by name; nothing is dropped.</summary>
/// <param name="options">Limits and default instructions.</param>
internal sealed class PromptMapper(RlhfVChatClientOptions options)
{
    private readonly List<PromptTurn> _turns = [];
    private readonly List<string> _system = [];
    private int _images;

    /// <summary>Maps a conversation.</summary>
    /// <param name="messages">The messages; read once, not changed.</param>
    /// <param name="instructions">Instructions of the request, or null.</param>
    /// <param name="options">Limits and default instructions.</param>
    public static Prompt Map(IEnumerable<ChatMessage> messages, string? instructions, RlhfVChatClientOptions options) =>
        new PromptMapper(options).Map(messages, instructions);

    private Prompt Map(IEnumerable<ChatMessage> messages, string? instructions)
    {
        if (!string.IsNullOrWhiteSpace(instructions))
            _system.Add(instructions);
        int number = 0;
        foreach (ChatMessage message in messages)
            Add(message ?? throw new ArgumentException($"Message {number + 1} is null.", nameof(messages)), ++number);

        if (_turns.Count == 0)
            throw new EmptyConversationException("The conversation has no message of the user; expected at least one.", nameof(messages));
        if (_turns[^1].Role != PromptRole.User)
        {
            throw new ArgumentException(
                "The conversation ends with the assistant's message; expected the user to speak last. Leave the last message out or add a question.",
                nameof(messages));
        }

        if (_turns[^1].Parts.Count == 0)
            throw new EmptyConversationException($"The last message (message {number}) is empty; expected text or a picture.", nameof(messages));

        // An empty message of earlier turns says nothing; the turn stays, so that the speakers still take turns.
        return new Prompt(_turns, _system.Count > 0 ? string.Join('\n', _system) : options.Instructions);
    }

    private void Add(ChatMessage message, int number)
    {
        if (message.Role == ChatRole.System)
        {
            AddSystem(message, number);
            return;
        }

        PromptRole role = message.Role == ChatRole.User ? PromptRole.User
            : message.Role == ChatRole.Assistant ? PromptRole.Assistant
            : throw new NotSupportedException(
                $"Message {number} has the role '{message.Role}'; this client understands system, user and assistant.");
        var parts = new List<PromptPart>();
        for (int i = 0; i < message.Contents.Count; i++)
        {
            if (Read(message.Contents[i], role, $"Message {number}, content {i + 1}") is { } part)
                parts.Add(part);
        }

        // One side speaking twice is one turn: chat pages send picture and question as two messages.
        if (_turns.Count > 0 && _turns[^1].Role == role)
        {
            if (_turns[^1].Parts.Any(p => p is TextPart) && parts.FindIndex(p => p is TextPart) is int first and >= 0)
                parts[first] = new TextPart("\n" + ((TextPart)parts[first]).Text);
            _turns[^1] = new PromptTurn(role, [.. _turns[^1].Parts, .. parts]);
        }
        else
        {
            _turns.Add(new PromptTurn(role, parts));
        }
    }

    private void AddSystem(ChatMessage message, int number)
    {
        if (_turns.Count > 0)
        {
            throw new NotSupportedException(
                $"Message {number} is a system message behind the start of the conversation; chat templates have it only before the first turn.");
        }

        foreach (AIContent content in message.Contents)
        {
            if (content is not TextContent text)
                throw Unknown(content, $"Message {number} (system)", "text");
            if (!string.IsNullOrWhiteSpace(text.Text))
                _system.Add(text.Text);
        }
    }

    private PromptPart? Read(AIContent content, PromptRole role, string where) => content switch
    {
        TextContent text => string.IsNullOrWhiteSpace(text.Text) ? null : new TextPart(text.Text),
        DataContent data when role == PromptRole.User && data.HasTopLevelMediaType("image") => new ImagePart(Accept(data, where)),
        DataContent data when role == PromptRole.User => throw new NotSupportedException(
            $"{where} is {nameof(DataContent)} of media type '{data.MediaType}'; this client understands text and image/*."),
        UriContent { Uri: { IsAbsoluteUri: true } uri } file when role == PromptRole.User && uri.IsFile => new ImagePart(Accept(Open(file, where), where)),
        _ => throw Unknown(content, where, role == PromptRole.User ? "text and pictures as DataContent" : "text"),
    };

    private DataContent Open(UriContent file, string where) => options.ImageFolder switch
    {
        null => throw new NotSupportedException(
            $"{where} names a file; this client takes pictures as {nameof(DataContent)}. Set {nameof(options.ImageFolder)} to let messages name the pictures of a folder."),
        _ when !file.HasTopLevelMediaType("image") => throw new NotSupportedException(
            $"{where} names a file of media type '{file.MediaType}'; this client understands image/*."),
        { } folder => ImageFiles.Read(file.Uri, folder, options.MaxImageBytes, where),
    };

    private ImageSource Accept(DataContent data, string where)
    {
        if (++_images > options.MaxImages)
        {
            throw new ImageLimitException(
                $"{where} is picture {_images} of the conversation; {nameof(options.MaxImages)} allows {options.MaxImages}. "
                + "Leave earlier turns out or raise the limit.", "messages");
        }

        if (data.Data.Length > options.MaxImageBytes)
        {
            throw new ImageLimitException(
                $"{where} is a picture of {data.Data.Length} bytes; {nameof(options.MaxImageBytes)} allows {options.MaxImageBytes}. "
                + "Send a smaller picture or raise the limit.", "messages");
        }

        return ImageSource.FromBytes(data.Data, data.Name ?? where);
    }

    private static NotSupportedException Unknown(AIContent? content, string where, string understood) =>
        new($"{where} is {content?.GetType().Name ?? "null"}; this client understands {understood}.");
}
