using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Goldens;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Tests.WarmUp;

public sealed class WarmUpServiceTests
{
    [Fact]
    public async Task BeforeStart_TheModelAnswersWhenTheHostStarts()
    {
        using IHost host = Build(WarmUpMode.BeforeStart, TinyLlava.Load);
        await host.StartAsync();
        Assert.Equal(ModelState.Ready, Client(host).Status.Model);
        await host.StopAsync();
    }

    [Fact]
    public async Task BeforeStart_AModelThatTakesNoPictures_IsWarmedUpWithoutOne()
    {
        string judge = GoldenData.Path("hf", "llama3", "checkpoint");
        using IHost host = Build(WarmUpMode.BeforeStart, () => VisionLanguageModel.Load(judge), o => o.ModelPath = judge);
        await host.StartAsync();
        Assert.Equal(ModelState.Ready, Client(host).Status.Model);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(0, 64_000_000)]
    [InlineData(8, 784)]
    [InlineData(8, 1)]
    public async Task BeforeStart_KeepsToTheLimitsOfPictures(int images, long pixels)
    {
        using IHost host = Build(WarmUpMode.BeforeStart, TinyLlava.Load, o => (o.MaxImages, o.MaxImagePixels) = (images, pixels));
        await host.StartAsync();
        Assert.Equal(ModelState.Ready, Client(host).Status.Model);
        await host.StopAsync();
    }

    [Fact]
    public async Task BeforeStart_FailureKeepsTheHostFromStarting()
    {
        using IHost host = Build(WarmUpMode.BeforeStart, () => throw new IOException("No disk."));
        await Assert.ThrowsAsync<IOException>(() => host.StartAsync());
    }

    [Fact]
    public async Task InBackground_TheHostStartsAtOnce_AndStopsWhileTheModelLoads()
    {
        using var gate = new ManualResetEventSlim();
        using IHost host = Build(WarmUpMode.InBackground, () =>
        {
            gate.Wait();
            return TinyLlava.Load();
        });
        await host.StartAsync();
        RlhfVChatClient client = Client(host);
        Assert.Equal(ModelState.Loading, client.Status.Model);
        await host.StopAsync();
        gate.Set();
        while (client.Status.Model == ModelState.Loading)
            await Task.Delay(1);
    }

    [Fact]
    public async Task InBackground_FailureIsLogged_AndTheHostRunsOn()
    {
        using IHost host = Build(WarmUpMode.InBackground, () => throw new IOException("No disk."));
        await host.StartAsync();
        while (Client(host).Status.Model is ModelState.NotLoaded or ModelState.Loading)
            await Task.Delay(1);
        Assert.Equal(ModelState.LoadFailed, Client(host).Status.Model);
        await host.StopAsync();
    }

    [Fact]
    public async Task InBackground_FailureOfTheDefaultClient_IsLoggedWithTheModelsName()
    {
        using var log = new CapturedLog();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddSingleton<VisionLanguageModel>(_ => throw new IOException("No disk."));
        builder.Services.AddRlhfVChatClient(o => (o.ModelPath, o.ModelId) = (TinyLlava.Folder, "tiny"));
        builder.Services.AddRlhfVWarmUp(mode: WarmUpMode.InBackground);
        using IHost host = builder.Build();
        await host.StartAsync();
        while (!log.Lines.Any(line => line.StartsWith("Warming up", StringComparison.Ordinal)))
            await Task.Delay(1);
        Assert.Contains(log.Lines, line => line.StartsWith("Warming up tiny failed", StringComparison.Ordinal));
        await host.StopAsync();
    }

    [Fact]
    public async Task InBackground_TheHostIsGoneBeforeTheModelIsThere_WhichIsNoError()
    {
        using var log = new CapturedLog();
        using var gate = new ManualResetEventSlim();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddSingleton(_ =>
        {
            gate.Wait();
            return TinyLlava.Load();
        });
        builder.Services.AddRlhfVChatClient(o => o.ModelPath = TinyLlava.Folder);
        builder.Services.AddRlhfVWarmUp(mode: WarmUpMode.InBackground);
        RlhfVChatClient client;
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            client = host.Services.GetRequiredService<IChatClient>().GetService<RlhfVChatClient>()!;
            await host.StopAsync();
        }

        gate.Set();
        while (client.Status.Model == ModelState.Loading)
            await Task.Delay(1);
        Assert.DoesNotContain(log.Lines, line => line.Contains("could not be loaded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AClientOfAnotherKind_IsNamed()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRlhfVWarmUp("captioner");
        using var other = new Other();
        builder.Services.AddKeyedSingleton<IChatClient>("captioner", other);
        using IHost host = builder.Build();
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains("'captioner'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("captoiner", "There is no chat client 'captoiner' to warm up. Register it with AddRlhfVChatClient")]
    [InlineData(null, "There is no default chat client to warm up.")]
    public async Task AClientThatIsNotRegistered_IsNamedWithWhatToDo(string? name, string message)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRlhfVChatClient("captioner", o => o.ModelPath = TinyLlava.Folder);
        _ = name is null ? builder.Services.AddRlhfVWarmUp() : builder.Services.AddRlhfVWarmUp(name);
        using IHost host = builder.Build();

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static RlhfVChatClient Client(IHost host) =>
        host.Services.GetRequiredKeyedService<IChatClient>("captioner").GetService<RlhfVChatClient>()!;

    private static IHost Build(WarmUpMode mode, Func<VisionLanguageModel> load, Action<RlhfVChatClientOptions>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedSingleton("captioner", (_, _) => load());
        builder.Services.AddRlhfVChatClient("captioner", o =>
        {
            o.ModelPath = TinyLlava.Folder;
            configure?.Invoke(o);
        });
        builder.Services.AddRlhfVWarmUp("captioner", mode);
        return builder.Build();
    }

    private sealed class Other : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose()
        {
        }
    }
}
