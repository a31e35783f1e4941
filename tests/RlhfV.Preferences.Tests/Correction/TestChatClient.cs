using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RlhfV.Preferences.Tests.Correction;

/// <summary>A judge made of a function.</summary>
internal sealed class TestChatClient(Func<IReadOnlyList<ChatMessage>, CancellationToken, Task<string>> answer) : IChatClient
{
    private int _underWay;

    public TestChatClient(params string[] answers)
        : this(new Queue<string>(answers))
    {
    }

    private TestChatClient(Queue<string> answers)
        : this((_, _) => Task.FromResult(answers.Dequeue()))
    {
    }

    public List<IReadOnlyList<ChatMessage>> Calls { get; } = [];

    public ChatOptions? LastOptions { get; private set; }

    public int MostUnderWay { get; private set; }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        lock (Calls)
        {
            Calls.Add([.. messages]);
            LastOptions = options;
            MostUnderWay = Math.Max(MostUnderWay, ++_underWay);
        }

        try
        {
            string text = await answer(Calls[^1], cancellationToken);
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
            {
                ModelId = "judge-1",
                Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2, TotalTokenCount = 12 },
            };
        }
        finally
        {
            lock (Calls)
                _underWay--;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
