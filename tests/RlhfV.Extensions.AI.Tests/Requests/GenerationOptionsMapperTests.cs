using System.Text.Json;
using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI.Requests;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Tests.Requests;

public sealed class GenerationOptionsMapperTests
{
    private static readonly RlhfVChatClientOptions Settings = new()
    {
        Generation = { MaxOutputTokens = 9, Temperature = 0.5, TopK = 3, RepetitionPenalty = 1.1, Seed = 4, StopSequences = { "END" } },
    };

    [Fact]
    public void Map_WithoutOptions_GivesTheClientsDefaults()
    {
        GenerationOptions mapped = Map(null);
        Assert.Equal((9, 0.5, 3, 1.1, 4), (mapped.MaxNewTokens, mapped.Temperature, mapped.TopK, mapped.RepetitionPenalty, mapped.Seed));
        Assert.Equal(["END"], mapped.StopStrings);
    }

    [Fact]
    public void Map_TakesWhatTheRequestSets_AndChangesNothingOfIt()
    {
        var stops = new List<string> { "X" };
        var options = new ChatOptions
        {
            MaxOutputTokens = 5,
            Temperature = 0.7f,
            TopP = 0.9f,
            TopK = 0,
            Seed = 77,
            StopSequences = stops,
            ModelId = "tiny",
            ToolMode = ChatToolMode.Auto,
        };
        GenerationOptions mapped = Map(options);
        Assert.Equal((5, 0.7, 0.9, 0, 77), (mapped.MaxNewTokens, mapped.Temperature, mapped.TopP, mapped.TopK, mapped.Seed));
        Assert.Equal(["X"], mapped.StopStrings);
        stops.Add("Y");
        Assert.Single(mapped.StopStrings);
        Assert.Equal(["X", "Y"], options.StopSequences);
    }

    [Fact]
    public void Map_NativeOptions_AreTheBase()
    {
        GenerationOptions mapped = Map(new ChatOptions
        {
            RawRepresentationFactory = _ => new GenerationOptions { MinP = 0.1, MaxNewTokens = 3 },
            MaxOutputTokens = 4,
        });
        Assert.Equal((0.1, 4, 0.0), (mapped.MinP, mapped.MaxNewTokens, mapped.Temperature));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Map_WhatCannotBeHonoured_IsRefusedByName(ChatOptions options, string name) =>
        Assert.Contains(name, Assert.Throws<NotSupportedException>(() => Map(options)).Message, StringComparison.Ordinal);

    public static TheoryData<ChatOptions, string> Refused => new()
    {
        { new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] }, "Tools" },
        { new() { ToolMode = ChatToolMode.RequireAny }, "ToolMode" },
        { new() { FrequencyPenalty = 1 }, "FrequencyPenalty" },
        { new() { PresencePenalty = 1 }, "PresencePenalty" },
        { new() { ResponseFormat = ChatResponseFormat.Json }, "ResponseFormat" },
        { new() { ConversationId = "1" }, "ConversationId" },
        { new() { AllowBackgroundResponses = true }, "AllowBackgroundResponses" },
        { new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) }, "ContinuationToken" },
        { new() { RawRepresentationFactory = _ => new GenerationOptions { Beams = 3 } }, "Beams" },
        { new() { Reasoning = new ReasoningOptions() }, "Reasoning" },
        { new() { RawRepresentationFactory = _ => "text" }, "RawRepresentationFactory" },
    };

    // A version that brings an option which nobody looks at shows here.
    [Fact]
    public void Map_EveryPropertyOfTheRequest_IsHonouredOrRefused()
    {
        string[] honoured =
        [
            "Instructions", "Temperature", "TopP", "TopK", "MaxOutputTokens", "StopSequences", "Seed", "ModelId", "RawRepresentationFactory",
            "AdditionalProperties",
        ];
        string[] refused =
        [
            "Tools", "ToolMode", "FrequencyPenalty", "PresencePenalty", "ResponseFormat", "ConversationId", "Reasoning", "AllowBackgroundResponses",
            "ContinuationToken",
        ];
        string[] meaninglessWithoutTools = ["AllowMultipleToolCalls"];
        Assert.Equal(
            honoured.Concat(refused).Concat(meaninglessWithoutTools).Order(), typeof(ChatOptions).GetProperties().Select(p => p.Name).Order());
    }

    [Fact]
    public void Map_AnotherModel_IsRefused()
    {
        ModelMismatchException error = Assert.Throws<ModelMismatchException>("options", () => Map(new ChatOptions { ModelId = "gpt" }));
        Assert.Contains("'gpt'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'tiny'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_OutOfRange_ListsEveryProblem()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            "options", () => Map(new ChatOptions { Temperature = -1, TopP = 2, MaxOutputTokens = 0, StopSequences = [""] }));
        Assert.All(["Temperature", "TopP", "MaxNewTokens", "StopStrings"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Map_LongSeeds_AreFoldedAndSmallOnesKept()
    {
        Assert.Equal(-5, Map(new ChatOptions { Seed = -5 }).Seed);
        Assert.NotEqual(Map(new ChatOptions { Seed = long.MaxValue }).Seed, Map(new ChatOptions { Seed = long.MaxValue - 1 }).Seed);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Map_NumbersOfEveryType_AreTaken(object number, double expected)
    {
        var options = new ChatOptions { AdditionalProperties = new() { [RlhfVChatProperties.RepetitionPenalty] = number } };
        Assert.Equal(expected, Map(options).RepetitionPenalty);
    }

    public static TheoryData<object, double> Numbers => new()
    {
        { 1.1, 1.1 },
        { 1.1f, 1.1 },
        { 1.1m, 1.1 },
        { 2, 2 },
        { 2L, 2 },
        { (byte)2, 2 },
        { JsonSerializer.SerializeToElement(1.1), 1.1 },
    };

    [Theory]
    [InlineData("1.1")]
    [InlineData(true)]
    [InlineData('1')]
    public void Map_WhatIsNoNumber_IsRefused(object value)
    {
        var options = new ChatOptions { AdditionalProperties = new() { [RlhfVChatProperties.RepetitionPenalty] = value } };
        Assert.Contains("expected a number", Assert.Throws<ArgumentException>("options", () => Map(options)).Message, StringComparison.Ordinal);
    }

    private static GenerationOptions Map(ChatOptions? options) => GenerationOptionsMapper.Map(options, null!, Settings, "tiny");
}
