using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Tests.DependencyInjection;

public sealed class RlhfVChatClientServiceCollectionExtensionsTests
{
    [Fact]
    public async Task Named_FromConfiguration_BindsOptionsAndAnswers()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RlhfV:Captioner:ModelPath"] = TinyLlava.Folder,
            ["RlhfV:Captioner:ModelId"] = "tiny",
            ["RlhfV:Captioner:Precision"] = "float32",
            ["RlhfV:Captioner:QueueLength"] = "3",
            ["RlhfV:Captioner:Generation:MaxOutputTokens"] = "5",
            ["RlhfV:Captioner:Generation:StopSequences:0"] = "END",
        }).Build();
        var services = new ServiceCollection();
        services.AddRlhfVChatClient("captioner", configuration.GetSection("RlhfV:Captioner"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient client = provider.GetRequiredKeyedService<IChatClient>("captioner");
        Assert.Null(client.GetService<VisionLanguageModel>());
        ChatResponse response = await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        Assert.Equal((5L, "tiny"), (response.Usage!.OutputTokenCount, response.ModelId));
        Assert.Null(provider.GetService<IChatClient>());
        RlhfVChatClientOptions options = provider.GetRequiredService<IOptionsMonitor<RlhfVChatClientOptions>>().Get("captioner");
        Assert.Equal((3, ModelPrecision.Float32), (options.QueueLength, options.Precision));
        Assert.Equal(["END"], options.Generation.StopSequences);
    }

    [Fact]
    public async Task Unnamed_IsTheDefaultClient_AndTakesMiddleware()
    {
        var services = new ServiceCollection();
        bool passed = false;
        services.AddRlhfVChatClient(o => (o.ModelPath, o.Generation.MaxOutputTokens) = (TinyLlava.Folder, 2)).Use((messages, options, next, token) =>
        {
            passed = true;
            return next(messages, options, token);
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient client = provider.GetRequiredService<IChatClient>();
        Assert.Equal(2, (await client.GetResponseAsync(TinyLlava.Ask("What is it?"))).Usage!.OutputTokenCount);
        Assert.True(passed);
        Assert.NotNull(client.GetService<RlhfVChatClient>());
    }

    [Fact]
    public async Task Model_IsLoadedOncePerName_AndMayBeTheApplicationsOwn()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var services = new ServiceCollection();
        services.AddKeyedSingleton("own", model);
        services.AddRlhfVChatClient("own", o => o.ModelPath = TinyLlava.Folder);
        services.AddRlhfVChatClient("other", o => o.ModelPath = TinyLlava.Folder);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var short2 = new ChatOptions { MaxOutputTokens = 2 };
        IChatClient own = provider.GetRequiredKeyedService<IChatClient>("own");
        IChatClient other = provider.GetRequiredKeyedService<IChatClient>("other");
        await own.GetResponseAsync(TinyLlava.Ask("What is it?"), short2);
        await other.GetResponseAsync(TinyLlava.Ask("What is it?"), short2);
        Assert.Same(model.Network, own.GetService<VisionLanguageModel>()!.Network);
        Assert.Same(provider.GetRequiredKeyedService<VisionLanguageModel>("other").Network, other.GetService<VisionLanguageModel>()!.Network);
        Assert.NotSame(model.Network, other.GetService<VisionLanguageModel>()!.Network);
    }

    [Fact]
    public async Task BadOptions_StopTheHostAtStart_WithEveryErrorAtOnce()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRlhfVChatClient("captioner", o =>
        {
            o.ModelPath = Path.Combine(Path.GetTempPath(), "no-such-model");
            o.Device = "tpu";
            o.QueueLength = 0;
            o.Generation.TopP = 3;
        });
        using IHost host = builder.Build();
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(4, error.Failures.Count());
        Assert.All(
            ["no-such-model", "captioner.Device is 'tpu'", "captioner.QueueLength is 0; expected 1 to", "TopP is 3; expected"],
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(" ", "no-such-adapter", "VisionTowerFolder is blank", "no-such-model", "Found no adapter folder")]
    [InlineData(null, "no-such-adapter", "no-such-model", "Found no adapter folder")]
    [InlineData(null, " ", "no-such-model", "AdapterPath is blank")]
    public async Task BadFolders_AreAllTold_WhateverIsWrongWithTheOthers(string? tower, string adapter, params string[] said)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRlhfVChatClient(
            "captioner", o => (o.ModelPath, o.VisionTowerFolder, o.AdapterPath) = ("no-such-model", tower, adapter));
        using IHost host = builder.Build();
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(said.Length, error.Failures.Count());
        Assert.All(said, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void MissingModelPath_IsNamed()
    {
        var services = new ServiceCollection();
        services.AddRlhfVChatClient("captioner", _ => { });
        using ServiceProvider provider = services.BuildServiceProvider();
        OptionsValidationException error =
            Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<IChatClient>("captioner"));
        Assert.Contains("captioner.ModelPath is not set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NullArguments_AreRefused()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentNullException>("services", () => RlhfVChatClientServiceCollectionExtensions.AddRlhfVChatClient(null!, _ => { }));
        Assert.Throws<ArgumentNullException>("configure", () => services.AddRlhfVChatClient("a", (Action<RlhfVChatClientOptions>)null!));
        Assert.Throws<ArgumentNullException>("section", () => services.AddRlhfVChatClient("a", (IConfiguration)null!));
        Assert.Throws<ArgumentException>("name", () => services.AddRlhfVChatClient(" ", _ => { }));
    }
}
