using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation.Tests;

public sealed class JudgeTests
{
    private static readonly JudgeTask Task = new()
    {
        Benchmark = "test",
        Template = "template",
        Role = ChatRole.User,
        Temperature = 0,
        IsUsable = reply => reply.StartsWith("ok", StringComparison.Ordinal),
    };

    private static readonly JudgeQuestion[] Questions = [new("1", "one"), new("2", "two"), new("3", "three")];

    [Fact]
    public async Task AskAsync_UnusableFirst_AsksAgain()
    {
        using var client = StubChatClient.Saying((prompt, call) => call < 3 ? "hm" : $"ok {prompt}");
        JudgeRun run = await Ask(client, new());
        Assert.Equal(["ok one", "ok two", "ok three"], run.Repeats[0].Select(j => j.Reply));
        Assert.Equal(9, client.Calls);
        Assert.Equal((9, 3, 0), (run.Summary.Replies, run.Summary.UsableReplies, run.Summary.StoredReplies));
        Assert.Equal(["stub-1"], run.Summary.Models);
    }

    [Fact]
    public async Task AskAsync_NeverUsable_GivesUpAndSaysWhatWasSaid()
    {
        using var client = StubChatClient.Saying((prompt, _) => prompt == "two" ? "no idea" : "ok");
        JudgeRun run = await Ask(client, new() { MaxAttempts = 2 });
        Assert.Null(run.Repeats[0][1].Reply);
        Assert.Equal(DiagnosticCode.JudgeUnusable, run.Repeats[0][1].Problem!.Code);
        Assert.Contains("no idea", run.Repeats[0][1].Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_Refusal_IsNamedOne()
    {
        using var client = new StubChatClient(
            (_, _) => new(new ChatMessage(ChatRole.Assistant, "I cannot.")) { FinishReason = ChatFinishReason.ContentFilter });
        Assert.Equal(DiagnosticCode.JudgeRefused, (await Ask(client, new() { MaxAttempts = 1 })).Repeats[0][0].Problem!.Code);
    }

    [Fact]
    public async Task AskAsync_CallFails_IsTriedAgain()
    {
        using var client = new StubChatClient(
            (_, call) => call == 1 ? throw new HttpRequestException("busy") : StubChatClient.Response("ok"));
        JudgeRun run = await Ask(client, new() { RetryDelay = TimeSpan.Zero });
        Assert.All(run.Repeats[0], j => Assert.Equal("ok", j.Reply));
    }

    [Fact]
    public async Task AskAsync_ServiceIsDown_StopsInsteadOfAskingHundredsOfTimes()
    {
        using var client = new StubChatClient((_, _) => throw new HttpRequestException("wrong key"));
        JudgeQuestion[] many = [.. Enumerable.Range(0, 300).Select(i => new JudgeQuestion($"{i}", $"{i}"))];
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => new Judge(
            client, new() { RetryDelay = TimeSpan.Zero, MaxAttempts = 1, Parallelism = 1 })
                .AskAsync(Task, many, null, TestContext.Current.CancellationToken));
        Assert.Contains("wrong key", error.Message, StringComparison.Ordinal);
        Assert.True(client.Calls < 20);
    }

    [Fact]
    public async Task AskAsync_Store_IsNeverAskedTwiceAndResumes()
    {
        using var folder = new TemporaryFolder();
        JudgeOptions options = new() { StorePath = folder.File("replies.jsonl"), Parallelism = 1 };
        using var stop = new CancellationTokenSource();
        using var interrupted = StubChatClient.Saying((prompt, _) =>
        {
            if (prompt == "three")
            {
                stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
            }

            return $"ok {prompt}";
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new Judge(interrupted, options).AskAsync(Task, Questions, null, stop.Token));

        using var resumed = StubChatClient.Saying((prompt, _) => $"ok {prompt}");
        JudgeRun run = await new Judge(resumed, options).AskAsync(Task, Questions, null, TestContext.Current.CancellationToken);
        Assert.Equal(1, resumed.Calls);
        Assert.Equal(2, run.Summary.StoredReplies);

        JudgeRun replayed = await Judge.FromStore(options.StorePath!, "stub")
            .AskAsync(Task, Questions, null, TestContext.Current.CancellationToken);
        Assert.Equal(["ok one", "ok two", "ok three"], replayed.Repeats[0].Select(j => j.Reply));
    }

    [Fact]
    public async Task AskAsync_OtherPromptOrModel_IsAskedAnew()
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        using var client = StubChatClient.Saying((_, _) => "ok");
        await Ask(client, new() { StorePath = store });
        await Ask(client, new() { StorePath = store, Model = "other" });
        await new Judge(client, new() { StorePath = store })
            .AskAsync(Task, [new("1", "changed")], null, TestContext.Current.CancellationToken);
        Assert.Equal(7, client.Calls);
    }

    [Fact]
    public async Task AskAsync_LineCutOffByAnInterruption_IsDropped()
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        using var client = StubChatClient.Saying((_, _) => "ok");
        await Ask(client, new() { StorePath = store });
        string text = await File.ReadAllTextAsync(store, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(store, text[..^20], TestContext.Current.CancellationToken);
        await Ask(client, new() { StorePath = store });
        Assert.Equal(4, client.Calls);
        Assert.Equal(3, (await File.ReadAllLinesAsync(store, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task AskAsync_StoreWithForeignLine_NamesIt()
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        await File.WriteAllTextAsync(store, "hello\n", TestContext.Current.CancellationToken);
        using var client = StubChatClient.Saying((_, _) => "ok");
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => Ask(client, new() { StorePath = store }));
        Assert.Contains("replies.jsonl, line 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_Repeats_JudgesEveryItemSoOften()
    {
        int call = 0;
        using var client = StubChatClient.Saying((_, _) => $"ok {Interlocked.Increment(ref call)}");
        JudgeRun run = await Ask(client, new() { Repeats = 3 });
        Assert.Equal(3, run.Repeats.Count);
        Assert.Equal(9, run.Repeats.SelectMany(r => r).Select(j => j.Reply).Distinct().Count());
    }

    [Fact]
    public async Task FromStore_RepeatedJudgements_AreAllComputedAgain()
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        int call = 0;
        using var client = StubChatClient.Saying((_, _) => $"ok {Interlocked.Increment(ref call)}");
        JudgeRun run = await Ask(client, new() { StorePath = store, Repeats = 3 });
        JudgeRun again = await Judge.FromStore(store).AskAsync(Task, Questions, null, TestContext.Current.CancellationToken);
        Assert.Equal(run.Repeats.Select(repeat => repeat.Select(j => j.Reply)), again.Repeats.Select(repeat => repeat.Select(j => j.Reply)));
        Assert.Equal((9, 9), (again.Summary.Replies, again.Summary.StoredReplies));
    }

    [Fact]
    public async Task FromStore_RepliesOfSeveralModels_AreNotMixed()
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        using var client = StubChatClient.Saying((_, _) => "ok");
        await Ask(client, new() { StorePath = store });
        await Ask(client, new() { StorePath = store, Model = "other" });
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Judge.FromStore(store).AskAsync(Task, Questions, null, TestContext.Current.CancellationToken));
        Assert.Contains("'other', 'stub'", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            3, (await Judge.FromStore(store, "other").AskAsync(Task, Questions, null, TestContext.Current.CancellationToken)).Summary.StoredReplies);
    }

    [Fact]
    public async Task FromStore_ItemNotStored_StaysUnjudged()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("replies.jsonl"), "", TestContext.Current.CancellationToken);
        JudgeRun run = await Judge.FromStore(folder.File("replies.jsonl"))
            .AskAsync(Task, Questions, null, TestContext.Current.CancellationToken);
        Assert.All(run.Repeats[0], j => Assert.Equal(DiagnosticCode.JudgeFailed, j.Problem!.Code));
    }

    [Fact]
    public async Task AskAsync_ReplyWithHalfAnEmoji_IsStoredAndFoundAgain()
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        using var client = StubChatClient.Saying((_, _) => "ok \ud83d \0");
        await Ask(client, new() { StorePath = store });
        JudgeRun again = await Judge.FromStore(store, "stub").AskAsync(Task, Questions, null, TestContext.Current.CancellationToken);
        Assert.All(again.Repeats[0], j => Assert.Equal("ok \uFFFD \0", j.Reply));
    }

    [Fact]
    public async Task AskAsync_ClientReturnsNull_IsAFailedCall()
    {
        using var client = new StubChatClient((_, _) => null!);
        JudgeRun run = await Ask(client, new() { MaxAttempts = 2, RetryDelay = TimeSpan.Zero });
        Assert.All(run.Repeats[0], j => Assert.Equal(DiagnosticCode.JudgeFailed, j.Problem!.Code));
        Assert.Contains("returned null", run.Repeats[0][0].Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_ClientTimesOut_IsAFailedCallAndNoCancellation()
    {
        using var client = new StubChatClient(
            (prompt, _) => prompt == "two" ? throw new TaskCanceledException("timed out") : StubChatClient.Response("ok"));
        JudgeRun run = await Ask(client, new() { MaxAttempts = 2, RetryDelay = TimeSpan.Zero });
        Assert.Equal(["ok", null, "ok"], run.Repeats[0].Select(j => j.Reply));
        Assert.Contains("timed out", run.Repeats[0][1].Problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AskAsync_StoreThatAnEditorSaved_KeepsEveryReply(bool replay)
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        using var client = StubChatClient.Saying((_, _) => "ok");
        await Ask(client, new() { StorePath = store });
        string[] lines = await File.ReadAllLinesAsync(store, TestContext.Current.CancellationToken);
        string edited = "\uFEFF" + string.Join("\r\n", lines); // With a mark, and without a break behind the last line.
        await File.WriteAllTextAsync(store, edited, TestContext.Current.CancellationToken);
        JudgeRun run = replay
            ? await Judge.FromStore(store, "stub").AskAsync(Task, Questions, null, TestContext.Current.CancellationToken)
            : await Ask(client, new() { StorePath = store });
        Assert.Equal((3, 3), (client.Calls, run.Summary.StoredReplies));
        Assert.Equal(replay ? edited : edited + "\n", await File.ReadAllTextAsync(store, TestContext.Current.CancellationToken) is var text
            && text[0] == '\uFEFF' ? text : "\uFEFF" + text);
    }

    [Theory]
    [InlineData("""[{"image_id": 1, "text": "A dog."}]""")]
    [InlineData("notes")]
    [InlineData("{")]
    public async Task AskAsync_StorePathOfAnotherFile_LeavesItAlone(string content)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("answers.json");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        using var client = StubChatClient.Saying((_, _) => "ok");
        if (content == "{")
        {
            await Ask(client, new() { StorePath = path }); // As far as a reply is written that was cut off at once.
            Assert.Equal(3, (await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)).Length);
        }
        else
        {
            InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => Ask(client, new() { StorePath = path }));
            Assert.Contains("answers.json, line 1", error.Message, StringComparison.Ordinal);
            Assert.Equal(content, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task FromStore_WriteProtectedFile_IsReadAndLeftAsItIs()
    {
        using var folder = new TemporaryFolder();
        string store = folder.File("replies.jsonl");
        using var client = StubChatClient.Saying((_, _) => "ok");
        await Ask(client, new() { StorePath = store });
        await File.AppendAllTextAsync(store, "{\"benchmark\":\"te", TestContext.Current.CancellationToken);
        File.SetAttributes(store, FileAttributes.ReadOnly);
        long length = new FileInfo(store).Length;
        JudgeRun run = await Judge.FromStore(store, "stub").AskAsync(Task, Questions, null, TestContext.Current.CancellationToken);
        Assert.All(run.Repeats[0], j => Assert.Equal("ok", j.Reply));
        Assert.Equal(length, new FileInfo(store).Length);
        File.SetAttributes(store, FileAttributes.Normal);
    }

    private static Task<JudgeRun> Ask(IChatClient client, JudgeOptions options) =>
        new Judge(client, options).AskAsync(Task, Questions, null, TestContext.Current.CancellationToken);
}
