using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RlhfV.Preferences.Tests.Correction;

public sealed class CorrectionAssistantTests
{
    private const string Answer = "In the picture two red cups stand on the wooden table near a cat.";
    private const string Corrected = "In the picture one red cup stands on the wooden table near a dog.";

    private static readonly string Verdict = MakeVerdict(
        Corrected, ("two red cups stand", "one red cup stands", "number"), ("cat", "dog", "object"));

    [Fact]
    public async Task CorrectAsync_GoodVerdict_GivesATypedPair()
    {
        var judge = new TestChatClient(Verdict);
        var clock = new FixedClock();

        CorrectionResult result = await new CorrectionAssistant(judge, new() { TimeProvider = clock }).CorrectAsync(Request());

        Assert.Equal(CorrectionOutcome.Corrected, result.Outcome);
        PreferenceExample example = result.Example!;
        Assert.Equal((Answer, Corrected, "What is there?"), (example.Rejected, example.Chosen, example.Prompt));
        Assert.Equal(["two:number", "cups stand:number", "cat:object"], example.Segments.Select(
            segment => $"{Answer.Substring(segment.Rejected.Start, segment.Rejected.Length)}:{segment.Type}"));
        Assert.All(example.Segments, segment => Assert.Equal(("judge-1", clock.GetUtcNow()), (segment.Annotator, segment.Time)));
        Assert.Equal(Corrected, SegmentDiff.Apply(Answer, Corrected, SegmentDiff.Segments(example)));
        Assert.Equal("42", example.Origin.Id);
        Assert.Equal((1, 12L), (result.Attempts, result.Usage.TotalTokenCount));
    }

    [Fact]
    public async Task CorrectAsync_Request_FillsTheTemplateOnceAndSendsThePicture()
    {
        var judge = new TestChatClient(Verdict);
        var options = new CorrectionAssistantOptions { PromptTemplate = "D={description} Q={question} A={answer} T={types}" };
        CorrectionRequest request =
            Request() with { Prompt = "say {answer}", Description = "{types}", Image = PreferenceImage.FromBytes(Samples.Png) };

        await new CorrectionAssistant(judge, options).CorrectAsync(request);

        ChatMessage message = Assert.Single(Assert.Single(judge.Calls));
        Assert.Equal($"D={{types}} Q=say {{answer}} A={Answer} T=object, position, number, attribute, action, other", message.Text);
        Assert.Equal("image/png", Assert.IsType<DataContent>(message.Contents[0]).MediaType);
        Assert.IsType<ChatResponseFormatJson>(judge.LastOptions!.ResponseFormat);
    }

    [Fact]
    public async Task CorrectAsync_SeveralPictures_AreAllSentAndKept()
    {
        var judge = new TestChatClient(Verdict);
        PreferenceImage[] images = Samples.Pictures(3);

        CorrectionResult result = await new CorrectionAssistant(judge).CorrectAsync(
            Request() with { Image = images[0], MoreImages = images[1..] });

        ChatMessage message = Assert.Single(Assert.Single(judge.Calls));
        Assert.Equal(
            images.Select(image => image.Bytes!.Value.ToArray()), message.Contents.OfType<DataContent>().Select(content => content.Data.ToArray()));
        Assert.IsType<TextContent>(message.Contents[3]);
        Assert.Equal(images, result.Example!.Images);
        Assert.Equal("request", (await Assert.ThrowsAsync<ArgumentException>(() => new CorrectionAssistant(judge).CorrectAsync(
            Request() with { Image = null, MoreImages = images }))).ParamName);
    }

    [Fact]
    public async Task CorrectAsync_NothingWrong_GivesNoPair()
    {
        CorrectionResult result = await new CorrectionAssistant(new TestChatClient(MakeVerdict(Answer))).CorrectAsync(Request());

        Assert.Equal(CorrectionOutcome.NothingWrong, result.Outcome);
        Assert.Null(result.Example);
    }

    public static TheoryData<string> Malformed =>
    [
        "I think the cup is red.",
        "",
        "[]",
        "{}",
        """{"corrected": "x"}""",
        """{"corrected": 5, "corrections": []}""",
        """{"corrected": "", "corrections": []}""",
        """{"corrected": "x", "corrections": [], "comment": "y"}""",
        MakeVerdict(Corrected, ("two", "one", "colour")),
        MakeVerdict(Answer, ("two", "one", "number")),
        MakeVerdict("An entirely different description that keeps no single word of it at all, sadly."),
        Verdict + " I hope this helps.",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task CorrectAsync_MalformedVerdict_IsSentBackAndTriedAgain(string malformed)
    {
        var judge = new TestChatClient(malformed, $"```json\n{Verdict}\n```");

        CorrectionResult result = await new CorrectionAssistant(judge).CorrectAsync(Request());

        Assert.Equal((CorrectionOutcome.Corrected, 2, 24L), (result.Outcome, result.Attempts, result.Usage.TotalTokenCount));
        Assert.Equal(3, judge.Calls[1].Count);
        Assert.Contains("cannot be used", judge.Calls[1][2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CorrectAsync_NeverAVerdict_FailsWithTheLastReason()
    {
        CorrectionResult result = await new CorrectionAssistant(new TestChatClient("no", "no", "no")).CorrectAsync(Request());

        Assert.Equal((CorrectionOutcome.Failed, 3), (result.Outcome, result.Attempts));
        Exception failure = Assert.IsAssignableFrom<JsonException>(result.Failure);
        Assert.StartsWith("The judge's reply 'no' cannot be used: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CorrectAsync_FailingCalls_AreRepeated()
    {
        int calls = 0;
        var judge = new TestChatClient((_, _) => ++calls < 3 ? throw new HttpRequestException("overloaded") : Task.FromResult(Verdict));

        CorrectionResult result = await new CorrectionAssistant(judge, new() { RetryDelay = TimeSpan.Zero }).CorrectAsync(Request());

        Assert.Equal((CorrectionOutcome.Corrected, 3), (result.Outcome, result.Attempts));
    }

    [Fact]
    public async Task CorrectAsync_OnlyFailures_ReportTheLastOne()
    {
        var judge = new TestChatClient((_, _) => throw new HttpRequestException("overloaded"));

        CorrectionResult result =
            await new CorrectionAssistant(judge, new() { MaximumAttempts = 2, RetryDelay = TimeSpan.Zero }).CorrectAsync(Request());

        Assert.Equal("overloaded", Assert.IsType<HttpRequestException>(result.Failure).Message);
    }

    [Fact]
    public async Task CorrectAsync_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        var judge = new TestChatClient(async (_, token) =>
        {
            await source.CancelAsync();
            token.ThrowIfCancellationRequested();
            return Verdict;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CorrectionAssistant(judge).CorrectAsync(Request(), source.Token));
    }

    [Fact]
    public async Task CorrectAsync_NothingToGoBy_IsRefused()
    {
        var assistant = new CorrectionAssistant(new TestChatClient());

        foreach (CorrectionRequest request in new[] { Request() with { Description = null }, Request() with { Answer = " " } })
            Assert.Equal("request", (await Assert.ThrowsAsync<ArgumentException>(() => assistant.CorrectAsync(request))).ParamName);
    }

    [Fact]
    public async Task CorrectAsync_MissingPictureFile_Fails()
    {
        CorrectionRequest request = Request() with { Image = PreferenceImage.FromPath("/nowhere/a.png") };

        CorrectionResult result = await new CorrectionAssistant(new TestChatClient()).CorrectAsync(request);

        Assert.Equal((CorrectionOutcome.Failed, 0), (result.Outcome, result.Attempts));
        Assert.IsAssignableFrom<IOException>(result.Failure);
    }

    [Fact]
    public async Task CorrectAllAsync_ManyRequests_KeepsOrderAndLimit()
    {
        var judge = new TestChatClient(async (messages, token) =>
        {
            await Task.Delay(messages[0].Text.Contains("slow", StringComparison.Ordinal) ? 40 : 1, token);
            return MakeVerdict(Answer);
        });
        CorrectionRequest[] requests =
            [.. Enumerable.Range(0, 12).Select(i => Request() with { Prompt = i % 5 == 0 ? $"slow {i}" : $"fast {i}" })];
        var results = new List<CorrectionResult>();

        var assistant = new CorrectionAssistant(judge, new() { MaximumConcurrency = 3 });
        await foreach (CorrectionResult result in assistant.CorrectAllAsync(requests))
            results.Add(result);

        Assert.Equal(requests, results.Select(result => result.Request));
        Assert.Equal(3, judge.MostUnderWay);
    }

    [Fact]
    public async Task CorrectAllAsync_LeftEarly_CancelsWhatIsUnderWay()
    {
        var cancelled = new TaskCompletionSource();
        var judge = new TestChatClient(async (messages, token) =>
        {
            if (messages[0].Text.Contains("first", StringComparison.Ordinal))
                return MakeVerdict(Answer);
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                cancelled.SetResult();
                throw;
            }

            return "";
        });

        await foreach (CorrectionResult _ in new CorrectionAssistant(judge, new() { MaximumConcurrency = 2 })
            .CorrectAllAsync([Request() with { Prompt = "first" }, Request()]))
        {
            break;
        }

        Assert.True(cancelled.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void Constructor_BadOptions_ListsAllThatIsWrong()
    {
        var error = Assert.Throws<ArgumentException>(() => new CorrectionAssistant(
            new TestChatClient(),
            new() { PromptTemplate = "x", MaximumAttempts = 0, MaximumConcurrency = 0, Types = [], MaximumChangedShare = 2 }));

        Assert.Equal("options", error.ParamName);
        Assert.All(
            new[] { "PromptTemplate", "MaximumAttempts", "MaximumConcurrency", "Types", "MaximumChangedShare" },
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    private static CorrectionRequest Request() => new()
    {
        Description = "a red cup and a dog",
        Prompt = "What is there?",
        Answer = Answer,
        Origin = new PreferenceOrigin { Id = "42" },
    };

    private static string MakeVerdict(
        string corrected, params (string Wrong, string Right, string Type)[] corrections) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("corrected", corrected);
        writer.WriteStartArray("corrections");
        foreach ((string wrong, string right, string type) in corrections)
        {
            writer.WriteStartObject();
            writer.WriteString("wrong", wrong);
            writer.WriteString("right", right);
            writer.WriteString("type", type);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2024, 3, 1, 8, 0, 0, TimeSpan.Zero);
    }
}
