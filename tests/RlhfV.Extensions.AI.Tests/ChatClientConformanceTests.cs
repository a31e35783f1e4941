using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Extensions.AI.Worker;
using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using SkiaSharp;

namespace RlhfV.Extensions.AI.Tests;

/// <summary>
/// What <see cref="IChatClient"/> asks of every implementation, and what a local vision-language model adds, against the tiny model: one test per promise.
/// Options that are refused by name are in <c>GenerationOptionsMapperTests</c>, contents in <c>PromptMapperTests</c>.
/// </summary>
public sealed class ChatClientConformanceTests
{
    [Fact]
    public async Task OneCodePath_TheWholeAnswerIsTheStreamCollected()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(32));
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")]))
            updates.Add(update);
        ChatResponse whole = await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        ChatResponse collected = updates.ToChatResponse();
        Assert.Equal(whole.Text, collected.Text);
        Assert.Equal(whole.FinishReason, collected.FinishReason);
        Assert.Equal(whole.Usage!.TotalTokenCount, collected.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task ConcurrentCalls_AreAnsweredTogether_EachAsIfAlone()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model, TinyLlava.Short(40));
        string[] questions = ["What is it?", "Describe the picture, please.", "Where?", "How many cats are there in the picture?"];
        using var leave = new CancellationTokenSource();
        await using IAsyncEnumerator<ChatResponseUpdate> endless = client.GetStreamingResponseAsync(
            [TinyLlava.Ask("Tell me everything.")], new ChatOptions { MaxOutputTokens = 4000 }, leave.Token).GetAsyncEnumerator(leave.Token);
        Assert.True(await endless.MoveNextAsync());

        ChatResponse[] answers = await Task.WhenAll(questions.Select(question => client.GetResponseAsync(TinyLlava.Ask(question))));

        Assert.NotEqual(0, client.Status.Active); // They came and went while the first was being answered.
        for (int i = 0; i < questions.Length; i++)
            Assert.Equal(TinyLlava.Direct(model, questions[i], options: new GenerationOptions { MaxNewTokens = 40 }).Text, answers[i].Text);
        leave.Cancel();
    }

    [Fact]
    public async Task FairOrder_FirstComeFirstServed()
    {
        RlhfVChatClientOptions options = TinyLlava.Short(3);
        options.MaxBatch = 1;
        using RlhfVChatClient client = TinyLlava.Client(options);
        using var order = new AdmissionOrder();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            using Activity caller = order.Begin(i);

            // The first one's picture takes longest to prepare; the others may not pass it.
            await client.GetResponseAsync(i == 0 ? User(Png(1500, 1500)) : new(ChatRole.User, "Hello?"));
        }));
        Assert.Equal(Enumerable.Range(0, 12), order.Taken);
    }

    [Fact]
    public async Task Compute_NeverRunsOnTheCallersThread()
    {
        using var gate = new ManualResetEventSlim();
        using var client = new RlhfVChatClient(logger => ModelSource.Later(LoadLater, logger), "tiny", TinyLlava.Short(2), null, null);
        Task<ChatResponse> call = client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        Assert.False(call.IsCompleted); // The caller is back although nothing can have been computed.
        gate.Set();
        Assert.Equal(2, (await call).Usage!.OutputTokenCount);

        VisionLanguageModel LoadLater()
        {
            gate.Wait();
            return TinyLlava.Load();
        }
    }

    [Fact]
    public async Task Token_IsCheckedBeforeAnythingElse()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GetResponseAsync([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 0 }, "image/png")])], null, new(true)));
        Assert.True(error.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public async Task MessagesAndOptions_AreNeverChanged()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(2));
        List<ChatMessage> messages = [new(ChatRole.System, "Be brief."), TinyLlava.Ask("What is it?")];
        var options = new ChatOptions { StopSequences = ["zzz"], Temperature = 0, AdditionalProperties = new() { ["other"] = 1 } }.WithMinP(0);
        for (int i = 0; i < 2; i++)
            await client.GetResponseAsync(messages, options);
        Assert.Equal((2, 2, 1), (messages.Count, messages[1].Contents.Count, messages[0].Contents.Count));
        Assert.Equal(["zzz"], options.StopSequences);
        Assert.Equal(2, options.AdditionalProperties!.Count);
        Assert.Null(options.MaxOutputTokens);
    }

    [Fact]
    public async Task StopSequences_AreMatchedAcrossTokens_AndNeverStreamed()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(40));
        string whole = (await client.GetResponseAsync(TinyLlava.Ask("What is it?"))).Text;
        string stop = whole.Substring(whole.Length / 2, 4);
        ChatResponse cut = await client.GetResponseAsync(TinyLlava.Ask("What is it?"), new ChatOptions { StopSequences = [stop] });
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)].TrimEnd(), cut.Text);
        Assert.Equal(ChatFinishReason.Stop, cut.FinishReason);
    }

    [Fact]
    public async Task Updates_AreWholeCharacters()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(200));
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(
            [TinyLlava.Ask("What is it?")], new ChatOptions { Temperature = 3, Seed = 2 }))
        {
            Assert.NotNull(strict.GetBytes(update.Text));
        }
    }

    [Fact]
    public async Task LogProbabilities_ComeOnRequestOnly_AndSurviveJson()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model, TinyLlava.Short());
        Assert.Null((await client.GetResponseAsync(TinyLlava.Ask("What is it?"))).GetLogProbabilities());
        ChatResponse response = await client.GetResponseAsync(TinyLlava.Ask("What is it?"), new ChatOptions().WithLogProbabilities());
        GenerationResult direct = TinyLlava.Direct(model, "What is it?");
        IReadOnlyList<TokenLogProbability> tokens = Assert.IsAssignableFrom<IReadOnlyList<TokenLogProbability>>(response.GetLogProbabilities());
        Assert.Equal(direct.TokenIds, tokens.Select(t => t.Id));
        Assert.All(direct.LogProbs.Zip(tokens), pair => Assert.Equal(pair.First, pair.Second.LogProbability, 1e-4));
        Assert.All(tokens, t => Assert.NotEmpty(t.Token));
        Assert.InRange(tokens.GetConfidence(), 1e-9, 1);
        Assert.Equal(direct.Text, response.Text);

        string json = System.Text.Json.JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions);
        ChatResponse again = System.Text.Json.JsonSerializer.Deserialize<ChatResponse>(json, AIJsonUtilities.DefaultOptions)!;
        Assert.Equal(tokens.Select(t => t.Id), again.GetLogProbabilities()!.Select(t => t.Id));
    }

    [Fact]
    public async Task LogProbabilities_ComeWithTheLastUpdateOfAStream()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")], new ChatOptions().WithLogProbabilities()))
            updates.Add(update);
        Assert.All(updates[..^1], u => Assert.Null(u.GetLogProbabilities()));
        Assert.Equal(16, updates[^1].GetLogProbabilities()!.Count);
    }

    [Fact]
    public async Task AConversationsPicture_IsEncodedOnce()
    {
        RlhfVChatClientOptions options = TinyLlava.Short(3);
        options.ModelId = nameof(AConversationsPicture_IsEncodedOnce);
        using var lookups = new PictureLookups(options.ModelId);
        using RlhfVChatClient client = TinyLlava.Client(options);
        List<ChatMessage> conversation = [TinyLlava.Ask("What is it?", "e.png")];
        for (int turn = 0; turn < 3; turn++)
        {
            ChatResponse response = await client.GetResponseAsync(conversation);
            conversation.AddRange([.. response.Messages, new(ChatRole.User, "And what else?")]);
        }

        Assert.Equal((1, 2), lookups.Counts);
        Assert.True(client.Status.DeviceBytes > 0);
    }

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task BadInput_HasItsOwnErrorAndMessage_AndTheWorkerGoesOn(ChatMessage[] messages, ChatOptions? options, Type error, string said)
    {
        RlhfVChatClientOptions settings = TinyLlava.Short(2);
        settings.MaxImagePixels = 400_000;
        using RlhfVChatClient client = TinyLlava.Client(settings);
        Exception problem = await Assert.ThrowsAsync(error, () => client.GetResponseAsync(messages, options));
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await client.GetResponseAsync(TinyLlava.Ask("What is it?"))).Usage!.OutputTokenCount);
        Assert.Equal((true, 0), (client.Status.IsAlive, client.Status.FailuresInARow));
    }

    public static TheoryData<ChatMessage[], ChatOptions?, Type, string> BadRequests => new()
    {
        { [User(new DataContent(new byte[] { 1, 2, 3 }, "image/png"))], null, typeof(ImageFormatException), "begins with the bytes 010203" },
        { [User(Png(1000, 500))], null, typeof(ImageLimitException), "MaxImagePixels" },
        { [User(Png(65535, 1))], null, typeof(ImageProportionsException), "MaxAspectRatio" },
        { [User(new DataContent(new byte[] { 1 }, "application/pdf"))], null, typeof(NotSupportedException), "application/pdf" },
        { [new(ChatRole.User, "")], null, typeof(EmptyConversationException), "is empty" },
        { [new(ChatRole.User, string.Join(' ', Enumerable.Repeat("cats", 5000)))], null, typeof(ConversationTooLongException), "has room for" },
        { [new(ChatRole.User, "What is <image>?")], null, typeof(ArgumentException), "<image>" },
        { [new(ChatRole.User, "Hi")], new() { Temperature = -1 }, typeof(ArgumentOutOfRangeException), "Temperature" },
        { [new(ChatRole.User, "Hi")], new() { ModelId = "gpt" }, typeof(ModelMismatchException), "serves 'checkpoint'" },
        { [new(ChatRole.User, "Hi")], new() { AdditionalProperties = new() { ["rlhfv.beams"] = 3 } }, typeof(NotSupportedException), "rlhfv.beams" },
    };

    [Fact]
    public async Task APictureLikeAThread_IsAnsweredWhereItIsAllowed()
    {
        RlhfVChatClientOptions options = TinyLlava.Short(2);
        options.MaxAspectRatio = 65_535;
        using RlhfVChatClient client = TinyLlava.Client(options);
        Assert.Equal(2, (await client.GetResponseAsync(User(Png(65535, 1)))).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Logs_HoldNeitherPromptsNorAnswersNorPictures()
    {
        using var log = new CapturedLog();
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model, TinyLlava.Short(4), loggerFactory: log);
        string answer = (await client.GetResponseAsync(TinyLlava.Ask("What is a zebra?"))).Text;
        await client.WarmUpAsync();
        model.Network.Dispose();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync(TinyLlava.Ask("What is a zebra?", "b.png")));
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains("zebra", StringComparison.Ordinal) || line.Contains(answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clock_IsTheOneGiven()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model, TinyLlava.Short(1), timeProvider: new Noon());
        Assert.Equal(Noon.Now, (await client.GetResponseAsync(TinyLlava.Ask("What is it?"))).CreatedAt);
    }

    [Fact]
    public async Task PicturesByFile_AreTakenFromTheNamedFolderOnly()
    {
        string folder = Path.GetFullPath(Path.Combine(TinyLlava.Folder, "..", "..", "images"));
        RlhfVChatClientOptions options = TinyLlava.Short();
        options.ImageFolder = folder;
        using RlhfVChatClient client = TinyLlava.Client(options);
        ChatMessage Named(string path) => User(new UriContent(new Uri(path), "image/png"));
        Assert.Equal(
            (await client.GetResponseAsync(TinyLlava.Ask("What?"))).Text, (await client.GetResponseAsync(Named(Path.Combine(folder, "a.png")))).Text);
        await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync(Named(Path.Combine(TinyLlava.Folder, "config.json"))));
        await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync(Named(folder + "/../llava/checkpoint/config.json")));
        await Assert.ThrowsAsync<FileNotFoundException>(() => client.GetResponseAsync(Named(Path.Combine(folder, "none.png"))));
        using RlhfVChatClient closed = TinyLlava.Client();
        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(() => closed.GetResponseAsync(Named(Path.Combine(folder, "a.png"))));
        Assert.Contains("ImageFolder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailingComputation_EndsItsRequests_AndIsSaid()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model, TinyLlava.Short(2));
        await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        model.Network.Dispose();
        InvalidOperationException error =
            await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync(TinyLlava.Ask("What is it?", "b.png")));
        Assert.NotNull(error.InnerException);
        Assert.Equal((true, 1), (client.Status.IsAlive, client.Status.FailuresInARow));
    }

    private static ChatMessage User(AIContent picture) => new(ChatRole.User, [picture, new TextContent("What?")]);

    private static DataContent Png(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Teal);
        using SKData encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new DataContent(encoded.ToArray(), "image/png");
    }

    private sealed class Noon : TimeProvider
    {
        public static DateTimeOffset Now { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
