using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Tests.Health;

public sealed class RlhfVHealthCheckTests
{
    [Fact]
    public async Task LoadedAndLater_DegradedThenHealthy_WithFigures()
    {
        await using ServiceProvider provider = Services(s => s.AddRlhfVChatClient("captioner", o => o.ModelPath = TinyLlava.Folder));
        HealthReportEntry before = await Check(provider);
        Assert.Equal(HealthStatus.Degraded, before.Status);
        Assert.Contains("ready", before.Tags);
        await provider.GetRequiredKeyedService<IChatClient>("captioner").GetService<RlhfVChatClient>()!.WarmUpAsync();
        HealthReportEntry after = await Check(provider);
        Assert.Equal(HealthStatus.Healthy, after.Status);
        Assert.All(["model", "waiting", "active", "deviceBytes", "lastDuration"], key => Assert.True(after.Data.ContainsKey(key), key));
    }

    [Fact]
    public async Task ModelThatCannotBeLoaded_IsUnhealthy_UntilARequestLoadsIt()
    {
        bool broken = true;
        await using ServiceProvider provider = Services(s =>
        {
            s.AddKeyedSingleton("captioner", (_, _) => broken ? throw new IOException("No disk.") : TinyLlava.Load());
            s.AddRlhfVChatClient("captioner", o => (o.ModelPath, o.Generation.MaxOutputTokens) = (TinyLlava.Folder, 2));
        });
        IChatClient client = provider.GetRequiredKeyedService<IChatClient>("captioner");
        await Assert.ThrowsAsync<IOException>(() => client.GetResponseAsync(TinyLlava.Ask("What is it?")));
        Assert.Equal(HealthStatus.Unhealthy, (await Check(provider)).Status);
        broken = false;
        await client.GetResponseAsync(TinyLlava.Ask("What is it?"));
        Assert.Equal(HealthStatus.Healthy, (await Check(provider)).Status);
    }

    [Fact]
    public async Task FailedComputation_DisposedWorker_AndMissingClient_AreUnhealthy()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var client = new RlhfVChatClient(model, TinyLlava.Short(2));
        await using ServiceProvider provider = Services(s => s.AddKeyedSingleton<IChatClient>("captioner", client));
        await client.WarmUpAsync();
        Assert.Equal(HealthStatus.Healthy, (await Check(provider)).Status);
        model.Network.Dispose();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync(TinyLlava.Ask("What is it?")));
        Assert.Contains("computations failed", (await Check(provider)).Description, StringComparison.Ordinal);
        client.Dispose();
        Assert.Equal(HealthStatus.Unhealthy, (await Check(provider)).Status);
        await using ServiceProvider empty = Services(_ => { });
        Assert.Contains("AddRlhfVChatClient", (await Check(empty)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LineFourFifthsFull_IsDegraded()
    {
        RlhfVChatClientOptions options = TinyLlava.Short(4000);
        (options.QueueLength, options.MaxBatch) = (5, 1);
        using RlhfVChatClient client = TinyLlava.Client(options);
        await client.WarmUpAsync();
        await using ServiceProvider provider = Services(s => s.AddKeyedSingleton<IChatClient>("captioner", client));
        using var source = new CancellationTokenSource();
        Task<ChatResponse>[] calls = [.. Enumerable.Range(0, 5).Select(_ => client.GetResponseAsync(TinyLlava.Ask("What?"), cancellationToken: source.Token))];
        while (client.Status is not { Active: 1, Waiting: 4 })
            await Task.Delay(1);
        HealthReportEntry entry = await Check(provider);
        source.Cancel();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("4 of 5", entry.Description, StringComparison.Ordinal);
        foreach (Task<ChatResponse> call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static ServiceProvider Services(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        configure(services);
        services.AddHealthChecks().AddRlhfV("captioner", tags: ["ready"]);
        return services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> Check(IServiceProvider provider) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["captioner"];
}
