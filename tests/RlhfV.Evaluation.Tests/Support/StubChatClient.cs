using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation.Tests;

/// <summary>A chat client that replies by a function of the prompt and of how often that prompt came.</summary>
internal sealed class StubChatClient(Func<string, int, ChatResponse> reply) : IChatClient
{
    private readonly Dictionary<string, int> _seen = [];
    private readonly Lock _lock = new();

    public int Calls { get; private set; }

    public List<ChatOptions?> Options { get; } = [];

    public List<ChatMessage> Messages { get; } = [];

    public static StubChatClient Saying(Func<string, int, string> reply) => new((prompt, call) => Response(reply(prompt, call)));

    public static ChatResponse Response(string text, long input = 0, long output = 0) => new(new ChatMessage(ChatRole.Assistant, text))
    {
        ModelId = "stub-1",
        Usage = new() { InputTokenCount = input, OutputTokenCount = output },
    };

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ChatMessage message = messages.Single();
        lock (_lock)
        {
            Calls++;
            Options.Add(options);
            Messages.Add(message);
            int call = _seen[message.Text] = _seen.GetValueOrDefault(message.Text) + 1;
            return Task.FromResult(reply(message.Text, call));
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Judges are asked for whole replies.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("stub", defaultModelId: "stub") : null;

    public void Dispose()
    {
    }
}
