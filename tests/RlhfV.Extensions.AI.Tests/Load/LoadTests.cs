using System.Diagnostics;
using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Models;
using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Extensions.AI.Tests.Load;

/// <summary>What many callers at once do to a client. Every test prints its figures.</summary>
[Collection(ProcessWide.Name)]
public sealed class LoadTests(ITestOutputHelper output)
{
    private static readonly string[] Questions = ["What is it?", "Where is the cat?", "Describe the picture in detail, please.", "Which colour?"];
    private static readonly string[] Pictures = ["a.png", "b.png", "d_gray.jpg"];

    [Fact]
    public async Task Concurrent64_AThirdCancelled_EveryOtherAnswerIsItsSoloAnswer_AndNothingIsLeft()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var solo = new Dictionary<(int Question, int Picture, int Tokens), string>();
        for (int i = 0; i < 64; i++)
            solo[Key(i)] = TinyLlava.Direct(model, Questions[Key(i).Question], Pictures[Key(i).Picture], Options(i)).Text;

        long before = Tensor.TotalCount;
        var client = new RlhfVChatClient(model, new RlhfVChatClientOptions { QueueLength = 64, MaxBatch = 8 });
        var random = new Random(1);
        Stopwatch watch = Stopwatch.StartNew();
        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            using var source = new CancellationTokenSource();
            int patience = i % 3 == 0 ? random.Next(0, 12) : int.MaxValue;
            try
            {
                string text = "";
                await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(
                    [TinyLlava.Ask(Questions[Key(i).Question], Pictures[Key(i).Picture])], Chat(i), source.Token))
                {
                    text += update.Text;
                    if (patience-- == 0)
                        source.Cancel();
                }

                return text;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }));
        output.WriteLine($"64 requests, {answers.Count(a => a is null)} of them cancelled: {watch.ElapsedMilliseconds} ms");

        Assert.True(answers.Count(a => a is null) > 10);
        for (int i = 0; i < 64; i++)
        {
            Assert.True(answers[i] is not null || i % 3 == 0);
            if (answers[i] is { } answer)
                Assert.Equal(solo[Key(i)], answer);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync(TinyLlava.Ask("Late?"), cancellationToken: new(true)));
        while (client.Status.Active > 0)
            await Task.Delay(1);
        Assert.Equal((0, 0, true), (client.Status.Waiting, client.Status.Active, client.Status.IsAlive));
        client.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        output.WriteLine($"live tensors before {before}, after {Tensor.TotalCount}");
        Assert.Equal(before, Tensor.TotalCount);

        static (int Question, int Picture, int Tokens) Key(int i) => (i % Questions.Length, i % Pictures.Length, 6 + (i % 5 * 5));
        static GenerationOptions Options(int i) => new() { MaxNewTokens = Key(i).Tokens, Temperature = i % 2, Seed = 7 };
        static ChatOptions Chat(int i) => new() { MaxOutputTokens = Key(i).Tokens, Temperature = i % 2, Seed = 7 };
    }

    [Fact]
    public async Task Predictions5000_LeaveResidentMemoryFlat()
    {
        using RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(1));
        ChatMessage[] messages = [.. Pictures.Select(p => TinyLlava.Ask("What is it?", p))];
        await Ask(1000);
        long before = Resident();
        Stopwatch watch = Stopwatch.StartNew();
        await Ask(4000);
        long after = Resident();
        output.WriteLine(
            $"5,000 predictions: {before >> 20} MiB after 1,000, {after >> 20} MiB after 5,000; {4000 / watch.Elapsed.TotalSeconds:F0} per second");
        Assert.True(after - before < 32 << 20, $"Resident memory grew by {(after - before) >> 20} MiB.");

        async Task Ask(int times)
        {
            for (int done = 0; done < times; done += 20)
                await Task.WhenAll(Enumerable.Range(done, 20).Select(i => client.GetResponseAsync(messages[i % messages.Length])));
        }

        static long Resident()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using Process self = Process.GetCurrentProcess();
            return self.WorkingSet64;
        }
    }

    [Fact]
    public async Task DisposeWhileManyAnswer_EndsAll_AndLeavesNoTensor()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        TinyLlava.Direct(model, "What is it?");
        long before = Tensor.TotalCount;
        for (int round = 0; round < 5; round++)
        {
            var client = new RlhfVChatClient(model, TinyLlava.Short(4000));
            Task<ChatResponse>[] calls = [.. Enumerable.Range(0, 16).Select(_ => client.GetResponseAsync(TinyLlava.Ask("What is it?")))];
            await Task.Delay(10 * round);
            client.Dispose();
            foreach (Task<ChatResponse> call in calls)
                await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
