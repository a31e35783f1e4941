using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation.Tests;

/// <summary>What every benchmark with a judge must stand: refusals, failures, interruptions, nothing to judge.</summary>
public sealed class JudgedBenchmarkTests
{
    private const int Items = 5;

    private static readonly Dictionary<string, (string Usable, Func<int, Judge, CancellationToken, Task<IReadOnlyList<EvaluationDiagnostic>>> Score)>
        Benchmarks = new()
        {
            ["objhal"] = ("[\"dog\"]", async (count, judge, stop) =>
            {
                ObjectTruth truth = ObjectTruth.From(Range(count, i => KeyValuePair.Create<string, IEnumerable<string>>($"{i}", ["dog"])), ObjectVocabulary.Coco);
                ModelAnswer[] answers =
                    Range(count, i => new ModelAnswer { ImageId = $"{i}", Question = $"What {i}?", Text = "A dog lies in the sun." });
                return (await new ObjectHalBench(truth).ScoreAsync(answers, judge, cancellationToken: stop))[0].Diagnostics;
            }
            ),
            ["mmhal"] = ("Rating: 5", async (count, judge, stop) => (await MmHalBench.ScoreAsync(
                Range(count, i => new MmHalItem
                {
                    ImageId = $"{i}",
                    Objects = ["Dog"],
                    Question = $"What {i}?",
                    Reference = "A dog.",
                    Type = "other",
                    Answer = "A dog.",
                }), judge, cancellationToken: stop))[0].Diagnostics),
            ["llavabench"] = ("8 9\nFine.", async (count, judge, stop) => (await LlavaBench.ScoreAsync(
                Range(count, i => new LlavaBenchQuestion
                {
                    Id = $"{i}",
                    Category = "conv",
                    Context = "",
                    Question = $"What {i}?",
                    Reference = "A dog.",
                    Answer = "A dog.",
                }), new Dictionary<string, string> { ["conv"] = "Rate." }, judge, cancellationToken: stop))[0].Diagnostics),
            ["refomb"] = ("[[B]]", async (count, judge, stop) => (await Evaluation.RefoMb.ScoreAsync(
                Range(count, i => new RefoMbItem($"{i}", "OCR", $"What {i}?")), judge, cancellationToken: stop))[0].Diagnostics),
        };

    public static TheoryData<string> Names => [.. Benchmarks.Keys];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ScoreAsync_JudgeRefusesEverything_EachRefusalIsCountedAndTheFigureAbsent(string name)
    {
        using var client = new Client(_ => new(new ChatMessage(ChatRole.Assistant, "No.")) { FinishReason = ChatFinishReason.ContentFilter });
        IReadOnlyDictionary<string, int> totals =
            (await Benchmarks[name].Score(Items, new Judge(client, new() { MaxAttempts = 2 }), Stop)).Totals();
        Assert.Equal(Items, totals[DiagnosticCode.JudgeRefused]);
        Assert.Contains(DiagnosticCode.FigureAbsent, totals.Keys);
        Assert.Equal(2 * Items, client.Calls);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ScoreAsync_JudgeThrowsTimesOutOrReturnsNothing_ItemsAreCountedAndTheOthersScored(string name)
    {
        using var client = new Client(prompt =>
            prompt.Contains("What 1?", StringComparison.Ordinal) ? throw new InvalidOperationException("broken")
            : prompt.Contains("What 2?", StringComparison.Ordinal) ? throw new TaskCanceledException("timed out")
            : prompt.Contains("What 3?", StringComparison.Ordinal) ? null!
            : StubChatClient.Response(Benchmarks[name].Usable));
        IReadOnlyList<EvaluationDiagnostic> diagnostics =
            await Benchmarks[name].Score(Items, new Judge(client, new() { MaxAttempts = 2, RetryDelay = TimeSpan.Zero }), Stop);
        Assert.Equal(3, diagnostics.Totals()[DiagnosticCode.JudgeFailed]);
        Assert.All(["broken", "timed out", "null"], why => Assert.Contains(diagnostics, d => d.Message.Contains(why, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ScoreAsync_CancelledOnTheWay_NextRunAsksOnlyForTheRest(string name)
    {
        using var folder = new TemporaryFolder();
        JudgeOptions options = new() { StorePath = folder.File("replies.jsonl"), Parallelism = 1 };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var interrupted = new Client(prompt =>
        {
            if (prompt.Contains("What 3?", StringComparison.Ordinal))
            {
                stop.Cancel();
            }

            stop.Token.ThrowIfCancellationRequested();
            return StubChatClient.Response(Benchmarks[name].Usable);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Benchmarks[name].Score(Items, new Judge(interrupted, options), stop.Token));
        using var resumed = new Client(_ => StubChatClient.Response(Benchmarks[name].Usable));
        IReadOnlyList<EvaluationDiagnostic> diagnostics = await Benchmarks[name].Score(Items, new Judge(resumed, options), Stop);
        Assert.Equal(2, resumed.Calls);
        Assert.DoesNotContain(diagnostics, d => d.Code.StartsWith("judge.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ScoreAsync_NothingToJudge_AsksNobodyAndSaysThatTheFigureIsAbsent(string name)
    {
        using var client = new Client(_ => throw new InvalidOperationException("nobody asked"));
        IReadOnlyList<EvaluationDiagnostic> diagnostics = await Benchmarks[name].Score(0, new Judge(client), Stop);
        Assert.Equal(0, client.Calls);
        Assert.Contains(diagnostics, d => d.Code == DiagnosticCode.FigureAbsent);
    }

    private static T[] Range<T>(int count, Func<int, T> item) => [.. Enumerable.Range(0, count).Select(item)];

    /// <summary>A judge that is told all messages of a prompt together.</summary>
    private sealed class Client(Func<string, ChatResponse> reply) : IChatClient
    {
        private int _calls;

        public int Calls => _calls;

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _calls);
            return Task.FromResult(reply(string.Join('\n', messages.Select(message => message.Text))));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Judges are asked for whole replies.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
