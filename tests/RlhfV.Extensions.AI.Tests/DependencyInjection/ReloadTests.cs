using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Goldens;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Tests.DependencyInjection;

public sealed class ReloadTests : IDisposable
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["RlhfV:ModelPath"] = TinyLlava.Folder,
        ["RlhfV:Generation:MaxOutputTokens"] = "3",
    }).Build();

    private readonly ServiceProvider _provider;
    private readonly Messages _messages = new();

    public ReloadTests()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_messages));
        services.AddRlhfVChatClient(_configuration.GetSection(RlhfVChatClientOptions.SectionName));
        _provider = services.BuildServiceProvider();
    }

    private IChatClient Client => _provider.GetRequiredService<IChatClient>();

    public void Dispose()
    {
        _provider.Dispose();
        (_configuration as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task Limits_HoldForTheRequestsThatFollow()
    {
        Assert.Equal(3, await Tokens());
        Set("Generation:MaxOutputTokens", "5");
        Assert.Equal(5, await Tokens());
        Set("MaxImages", "0");
        await Assert.ThrowsAsync<ImageLimitException>(Tokens);
    }

    [Fact]
    public async Task WhatNeedsARestart_IsKeptAndSaid()
    {
        Assert.Equal(3, await Tokens());
        Set("Precision", "BFloat16");
        Set("ModelId", "other");
        Assert.Equal(3, await Tokens());
        Assert.Contains(_messages.Written, m => m.Contains("Precision", StringComparison.Ordinal) && m.Contains("starts again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAdapterThatDoesNotFit_IsRefused_AndTheOldOptionsHold()
    {
        Assert.Equal(3, await Tokens());
        Exception? thrown = Record.Exception(() => Set("AdapterPath", "no-such-adapter"));
        Assert.Contains("no-such-adapter", thrown?.ToString() ?? string.Join('\n', _messages.Written), StringComparison.Ordinal);
        Assert.Equal(3, await Tokens());
    }

    [Fact]
    public async Task InvalidOptions_AreRefused_AndTheOldOnesHold()
    {
        Assert.Equal(3, await Tokens());
        Exception? thrown = Record.Exception(() => Set("QueueLength", "-1"));
        Assert.Contains("QueueLength is -1", thrown?.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await Tokens());
        Assert.Equal(64, Client.GetService<RlhfVChatClient>()!.Status.QueueLength);
    }

    [Theory]
    [InlineData("QueueLength", "-1", "QueueLength is -1")]
    [InlineData("QueueLength", "many", "'many'")]
    [InlineData("Precision", "Int4", "'Int4'")]
    public void InvalidOptions_AreLogged_ForAWatchedFileTellsNobody(string name, string value, string reason)
    {
        Assert.NotNull(Client);
        Record.Exception(() => Set(name, value));
        Assert.Contains(
            _messages.Written, m => m.Contains("were refused", StringComparison.Ordinal) && m.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task InvalidOptions_BeforeTheModelIsLoaded_TheOldOnesHold()
    {
        Assert.NotNull(Client);
        Record.Exception(() => Set("QueueLength", "-1"));
        Assert.Equal(3, await Tokens());
    }

    [Fact]
    public async Task InvalidOptions_BeforeTheClientIsResolved_ThoseOfTheStartHold()
    {
        foreach (IHostedService service in _provider.GetServices<IHostedService>())
            await service.StartAsync(default);
        Record.Exception(() => Set("QueueLength", "-1"));
        Assert.Equal(3, await Tokens());
        Assert.Contains(_messages.Written, m => m.Contains("QueueLength is -1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Limits_ChangedAfterTheModelAndBeforeTheClient_Hold()
    {
        Assert.NotNull(_provider.GetRequiredService<VisionLanguageModel>());
        Set("Generation:MaxOutputTokens", "5");
        Assert.Equal(5, await Tokens());
    }

    [Fact]
    public async Task InvalidOptions_Mended_HoldAgain()
    {
        Assert.Equal(3, await Tokens());
        Record.Exception(() => Set("Generation:MaxOutputTokens", "-5"));
        Assert.Equal(3, await Tokens());
        Set("Generation:MaxOutputTokens", "5");
        Assert.Equal(5, await Tokens());
    }

    [Fact]
    public async Task ModelPath_ChangedBeforeTheModelIsLoaded_WaitsForTheNextStart()
    {
        Assert.NotNull(Client);
        Set("ModelPath", GoldenData.Path("hf", "smolvlm", "checkpoint"));
        Assert.Equal(3, await Tokens());
        Assert.Equal(TinyLlava.Folder, Client.GetService<VisionLanguageModel>()!.Folder);
        Assert.Contains(_messages.Written, m => m.Contains("ModelPath", StringComparison.Ordinal) && m.Contains("starts again", StringComparison.Ordinal));
    }

    private async Task<long?> Tokens() => (await Client.GetResponseAsync(TinyLlava.Ask("What is it?"))).Usage!.OutputTokenCount;

    private void Set(string name, string value)
    {
        _configuration[$"{RlhfVChatClientOptions.SectionName}:{name}"] = value;
        _configuration.Reload();
    }

    private sealed class Messages : ILoggerProvider, ILogger
    {
        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Written)
                Written.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
