using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI.Requests;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Tests.Requests;

public sealed class PromptMapperTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    [Fact]
    public void Map_KeepsOrderAndNumberOfTextsAndPictures()
    {
        Prompt prompt = Map(new ChatMessage(ChatRole.User, [new TextContent("a"), Picture(), new TextContent("b"), Picture()]));
        Assert.Equal(
            [typeof(TextPart), typeof(ImagePart), typeof(TextPart), typeof(ImagePart)], Assert.Single(prompt.Turns).Parts.Select(p => p.GetType()));
        Assert.Null(prompt.System);
    }

    [Fact]
    public void Map_JoinsInstructionsAndSystemMessages()
    {
        Prompt prompt = PromptMapper.Map(
            [new ChatMessage(ChatRole.System, "two"), new ChatMessage(ChatRole.User, "hi")], "one", new RlhfVChatClientOptions { Instructions = "default" });
        Assert.Equal("one\ntwo", prompt.System);
    }

    [Fact]
    public void Map_WithoutInstructions_TakesTheClients()
    {
        var options = new RlhfVChatClientOptions { Instructions = "default" };
        Assert.Equal("default", PromptMapper.Map([new ChatMessage(ChatRole.User, "hi")], " ", options).System);
    }

    [Fact]
    public void Map_OneSideSpeakingTwice_IsOneTurn()
    {
        Prompt prompt = Map(
            new ChatMessage(ChatRole.User, [Picture(), new TextContent("Look.")]), new ChatMessage(ChatRole.User, "What is it?"));
        PromptTurn turn = Assert.Single(prompt.Turns);
        Assert.Equal(["Look.", "\nWhat is it?"], turn.Parts.OfType<TextPart>().Select(p => p.Text));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Map_WhatItDoesNotUnderstand_IsRefusedByName(ChatMessage message, string name)
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => Map(new ChatMessage(ChatRole.User, "first"), message));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("Message 2", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<ChatMessage, string> Refused => new()
    {
        { new(ChatRole.User, [new DataContent(Bytes, "audio/wav")]), "audio/wav" },
        { new(ChatRole.User, [new UriContent("https://example.org/cat.png", "image/png")]), nameof(UriContent) },
        { new(ChatRole.User, [new FunctionCallContent("1", "f")]), nameof(FunctionCallContent) },
        { new(ChatRole.User, [new ErrorContent("no")]), nameof(ErrorContent) },
        { new(ChatRole.Assistant, [Picture()]), nameof(DataContent) },
        { new(ChatRole.Tool, "result"), "tool" },
        { new(ChatRole.System, "late"), "system" },
    };

    [Theory]
    [InlineData("file:///pictures/a.txt", "text/plain", "'text/plain'")]
    [InlineData("pictures/a.png", "image/png", nameof(UriContent))]
    public void Map_AddressesThatAreNoPicturesOfTheFolder_AreRefusedForWhatTheyAre(string address, string mediaType, string said)
    {
        var message = new ChatMessage(ChatRole.User, [new UriContent(new Uri(address, UriKind.RelativeOrAbsolute), mediaType)]);
        NotSupportedException error = Assert.Throws<NotSupportedException>(
            () => PromptMapper.Map([message], null, new RlhfVChatClientOptions { ImageFolder = Path.GetTempPath() }));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Set ImageFolder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_PictureInSystemMessage_IsRefused() =>
        Assert.Throws<NotSupportedException>(() => Map(new ChatMessage(ChatRole.System, [Picture()]), new ChatMessage(ChatRole.User, "hi")));

    [Fact]
    public void Map_EmptyConversations_AreRefused()
    {
        Assert.Throws<EmptyConversationException>("messages", () => Map());
        Assert.Throws<EmptyConversationException>("messages", () => Map(new ChatMessage(ChatRole.System, "only")));
        Assert.Throws<EmptyConversationException>("messages", () => Map(new ChatMessage(ChatRole.User, " ")));
        Assert.Throws<ArgumentException>("messages", () => Map(new ChatMessage(ChatRole.User, "hi"), new ChatMessage(ChatRole.Assistant, "ho")));
        Assert.Throws<ArgumentException>("messages", () => Map(null!, new ChatMessage(ChatRole.User, "hi")));
    }

    [Fact]
    public void Map_TooManyOrTooLargePictures_AreRefused()
    {
        var message = new ChatMessage(ChatRole.User, [Picture(), Picture()]);
        var few = new RlhfVChatClientOptions { MaxImages = 1 };
        Assert.Contains("MaxImages", Assert.Throws<ImageLimitException>("messages", () => PromptMapper.Map([message], null, few)).Message, StringComparison.Ordinal);
        var small = new RlhfVChatClientOptions { MaxImageBytes = 2 };
        Assert.Contains("3 bytes", Assert.Throws<ImageLimitException>("messages", () => PromptMapper.Map([message], null, small)).Message, StringComparison.Ordinal);
    }

    private static DataContent Picture() => new(Bytes, "image/png");

    private static Prompt Map(params ChatMessage[] messages) => PromptMapper.Map(messages, null, new RlhfVChatClientOptions());
}
