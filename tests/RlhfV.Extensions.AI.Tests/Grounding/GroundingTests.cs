using System.Text.Json;
using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Models;
using RlhfV.Models.Grounding;

namespace RlhfV.Extensions.AI.Tests.Grounding;

public class GroundingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_GroundingAskedFor_IsThatOfTheModelItself()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var client = new RlhfVChatClient(model, TinyLlava.Short());
        ChatResponse response = await client.GetResponseAsync([TinyLlava.Ask("What is it?")], new ChatOptions().WithGrounding(), Stop);
        AnswerGrounding grounding = response.GetGrounding()!;
        Assert.Equal(response.Text, grounding.Answer);
        AnswerGrounding direct = new GroundingScorer(model).Score(
            Prompt.Ask("What is it?", ImageSource.FromBytes(TinyLlava.Picture())), response.Text, Stop);
        Assert.Equal(direct.Tokens, grounding.Tokens);
        Assert.NotEmpty(grounding.Words);
        Assert.All(grounding.Words, word => Assert.Equal(word.Text, response.Text.Substring(word.Start, word.Length)));
    }

    [Fact]
    public async Task GetStreamingResponse_GroundingAskedFor_ComesWithTheLastUpdate()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        List<ChatResponseUpdate> updates =
            await client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")], new ChatOptions().WithGrounding().WithLogProbabilities(), Stop)
                .ToListAsync(Stop);
        Assert.NotNull(updates[^1].GetGrounding());
        Assert.NotNull(updates[^1].GetLogProbabilities());
        Assert.All(updates.SkipLast(1), update => Assert.Null(update.GetGrounding()));
    }

    [Fact]
    public async Task GetResponse_NotAskedFor_HasNone()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        Assert.Null((await client.GetResponseAsync([TinyLlava.Ask("What is it?")], cancellationToken: Stop)).GetGrounding());
        var off = new ChatOptions { AdditionalProperties = new() { [RlhfVChatProperties.Grounding] = false } };
        Assert.Null((await client.GetResponseAsync([TinyLlava.Ask("What is it?")], off, Stop)).GetGrounding());
    }

    [Fact]
    public async Task GetGrounding_AfterJson_IsTheSame()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        ChatResponse response = await client.GetResponseAsync([TinyLlava.Ask("What is it?")], new ChatOptions().WithGrounding(), Stop);
        string json = JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions);
        ChatResponse read = JsonSerializer.Deserialize<ChatResponse>(json, AIJsonUtilities.DefaultOptions)!;
        Assert.Equal(response.GetGrounding()!.Tokens, read.GetGrounding()!.Tokens);
        Assert.Equal(response.GetGrounding()!.Words, read.GetGrounding()!.Words);
    }

    [Fact]
    public async Task GetResponse_SeveralAtOnce_EachHasItsOwn()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        string[] questions = ["What is it?", "Where is it?", "Who is it?", "Why?"];
        ChatResponse[] responses = await Task.WhenAll(questions.Select(question =>
            client.GetResponseAsync([TinyLlava.Ask(question)], new ChatOptions().WithGrounding(), Stop)));
        Assert.All(responses, response => Assert.Equal(response.Text, response.GetGrounding()!.Answer));
    }

    [Fact]
    public async Task Dispose_WhileGroundingsAreComputed_EndsTheirCalls()
    {
        RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(2));
        Task<ChatResponse>[] calls =
            [.. Enumerable.Range(0, 30).Select(_ => client.GetResponseAsync([TinyLlava.Ask("What is it?")], new ChatOptions().WithGrounding(), Stop))];
        await Task.WhenAny(calls);
        client.Dispose();
        Exception?[] ends = await Task.WhenAll(calls.Select(call => Record.ExceptionAsync(() => call).AsTask()));
        Assert.All(ends, end => Assert.True(end is null or ObjectDisposedException, end?.ToString()));
        Assert.Contains(ends, end => end is not null);
    }

    [Fact]
    public async Task GetResponse_WithoutPicture_SaysSo()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() =>
            client.GetResponseAsync([new ChatMessage(ChatRole.User, "What is it?")], new ChatOptions().WithGrounding(), Stop));
        Assert.Equal("options", error.ParamName);
        Assert.Contains("no picture", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_NeitherTrueNorFalse_IsRefused()
    {
        using RlhfVChatClient client = TinyLlava.Client();
        var odd = new ChatOptions { AdditionalProperties = new() { [RlhfVChatProperties.Grounding] = "yes" } };
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([TinyLlava.Ask("What is it?")], odd, Stop));
    }
}
