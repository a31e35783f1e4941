using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Tests;

public sealed class RlhfVChatClientTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    public async Task GetResponse_GivesTheTextThatTheModelGives(double temperature)
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model);
        GenerationResult expected = TinyLlava.Direct(
            model, "What is it?", options: new GenerationOptions { MaxNewTokens = 24, Temperature = temperature, Seed = 5 });
        ChatResponse response = await client.GetResponseAsync(
            TinyLlava.Ask("What is it?"), new ChatOptions { MaxOutputTokens = 24, Temperature = (float)temperature, Seed = 5 });
        Assert.Equal(expected.Text, response.Text);
        Assert.NotEmpty(response.Text);
    }

    [Fact]
    public async Task GetResponse_CarriesIdsModelFinishReasonAndUsage()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        ChatResponse response = await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        Assert.Equal("checkpoint", response.ModelId);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.NotNull(response.ResponseId);
        Assert.NotNull(response.CreatedAt);
        Assert.NotNull(Assert.Single(response.Messages).MessageId);
        UsageDetails usage = Assert.IsType<UsageDetails>(response.Usage);
        Assert.Equal(16, usage.OutputTokenCount);
        Assert.Equal(usage.InputTokenCount + 16, usage.TotalTokenCount);
        Assert.Equal(16, Assert.IsType<AdditionalPropertiesDictionary<long>>(usage.AdditionalCounts)[RlhfVChatClient.InputImageTokenCount]);
    }

    [Fact]
    public async Task Streaming_UpdatesShareIds_TheLastHasUsageAndFinishReason()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")]))
            updates.Add(update);
        Assert.True(updates.Count > 2);
        Assert.Single(updates.Select(u => (u.ResponseId, u.MessageId, u.ModelId, u.Role, u.CreatedAt)).Distinct());
        Assert.All(updates[..^1], u => Assert.Null(u.FinishReason));
        Assert.Equal(ChatFinishReason.Length, updates[^1].FinishReason);
        Assert.Single(updates[^1].Contents.OfType<UsageContent>());
        Assert.Equal((await client.GetResponseAsync(TinyLlava.Ask("What is it?"))).Text, string.Concat(updates.Select(u => u.Text)));
    }

    [Fact]
    public async Task Conversation_OfSeveralTurns_KeepsTheFirstPicture()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model, TinyLlava.Short());
        Prompt prompt = Prompt.Ask("What is it?", ImageSource.FromBytes(TinyLlava.Picture())).WithAnswer("A cat.").WithQuestion("Which colour?")
            with
        { System = "Be brief." };
        ChatResponse response = await client.GetResponseAsync(
            [TinyLlava.Ask("What is it?"), new ChatMessage(ChatRole.Assistant, "A cat."), new ChatMessage(ChatRole.User, "Which colour?")],
            new ChatOptions { Instructions = "Be brief." });
        Assert.Equal(model.Generate(prompt, new GenerationOptions { MaxNewTokens = 16 }).Text, response.Text);
    }

    [Fact]
    public async Task Break_OutOfStreaming_FreesTheWorkerForTheNext()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(4000));
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")]))
            break;
        ChatResponse next = await client.GetResponseAsync(TinyLlava.Ask("And now?"), new ChatOptions { MaxOutputTokens = 4 });
        Assert.Equal(4, next.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Cancellation_WhileAnswering_EndsTheCallAtOnce()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(4000));
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")], cancellationToken: source.Token))
                source.Cancel();
        });
        Assert.Equal(2, (await client.GetResponseAsync(TinyLlava.Ask("And now?"), new ChatOptions { MaxOutputTokens = 2 })).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Dispose_EndsRunningAndWaitingCalls_AndMayBeRepeated()
    {
        RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(4000));
        var running = new TaskCompletionSource();
        Task<bool> answering = Task.Run(async () =>
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")]))
                running.TrySetResult();
            return true;
        });
        await running.Task;
        Task<ChatResponse> waiting = client.GetResponseAsync(TinyLlava.Ask("And now?"));
        client.Dispose();
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => answering);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync(TinyLlava.Ask("Again?")));
    }

    [Fact]
    public async Task Dispose_LeavesABorrowedModelAlive()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using (var client = new RlhfVChatClient(model, TinyLlava.Short(2)))
            await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        Assert.Equal(2, TinyLlava.Direct(model, "What is it?", options: new GenerationOptions { MaxNewTokens = 2 }).TokenIds.Count);
    }

    [Fact]
    public void Dispose_DisposesAnOwnedModel()
    {
        VisionLanguageModel model = TinyLlava.Load();
        new RlhfVChatClient(model, ownsModel: true).Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Network);
    }

    [Fact]
    public async Task FullQueue_RefusesClearly()
    {
        RlhfVChatClientOptions options = TinyLlava.Short(4000);
        (options.QueueLength, options.MaxBatch) = (1, 1);
        using RlhfVChatClient client = TinyLlava.Client(options);
        using var source = new CancellationTokenSource();
        var running = new TaskCompletionSource();
        Task answering = Task.Run(async () =>
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")], cancellationToken: source.Token))
                running.TrySetResult();
        });
        await running.Task;
        Task<ChatResponse> waiting = client.GetResponseAsync(TinyLlava.Ask("And now?"), new ChatOptions { MaxOutputTokens = 2 });
        RequestQueueFullException refusal =
            await Assert.ThrowsAsync<RequestQueueFullException>(() => client.GetResponseAsync(TinyLlava.Ask("And now?")));
        Assert.Contains("QueueLength", refusal.Message, StringComparison.Ordinal);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
        Assert.Equal(2, (await waiting).Usage!.OutputTokenCount);
    }

    [Fact]
    public void GetService_GivesClientMetadataAndModel()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Same(client, client.GetService<RlhfVChatClient>());
        Assert.IsType<VisionLanguageModel>(client.GetService<VisionLanguageModel>());
        ChatClientMetadata metadata = Assert.IsType<ChatClientMetadata>(client.GetService<ChatClientMetadata>());
        Assert.Equal((RlhfVChatClient.ProviderName, "checkpoint", null), (metadata.ProviderName, metadata.DefaultModelId, metadata.ProviderUri));
        Assert.Null(client.GetService(typeof(IChatClient), "key"));
        Assert.Null(client.GetService(typeof(string)));
        Assert.Throws<ArgumentNullException>("serviceType", () => client.GetService(null!));
    }

    [Fact]
    public void Constructor_ListsAllBadOptions()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var options = new RlhfVChatClientOptions { QueueLength = 0, MaxImages = -1, Generation = { Temperature = -2 } };
        ArgumentException error = Assert.Throws<ArgumentException>("options", () => new RlhfVChatClient(model, options));
        Assert.All(["QueueLength is 0", "MaxImages is -1", "Temperature is -2"], text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnreadablePicture_FailsItsRequestAlone()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(2));
        var broken = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1, 2, 3 }, "image/png"), new TextContent("What is it?")]);
        await Assert.ThrowsAsync<Models.Images.ImageFormatException>(() => client.GetResponseAsync(broken));
        Assert.NotNull((await client.GetResponseAsync(TinyLlava.Ask("What is it?"))).FinishReason);
    }
}
