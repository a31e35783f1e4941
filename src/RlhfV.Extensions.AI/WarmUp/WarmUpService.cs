using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Diagnostics;

namespace RlhfV.Extensions.AI.WarmUp;

/// <summary>Warms a chat client up when the host starts.</summary>
/// <param name="provider">Where the client is registered.</param>
/// <param name="logger">Where to log.</param>
/// <param name="name">The client's key; empty for the default one.</param>
/// <param name="mode">Whether the host waits.</param>
internal sealed class WarmUpService(IServiceProvider provider, ILogger<WarmUpService> logger, string name, WarmUpMode mode) : IHostedLifecycleService
{
    private readonly CancellationTokenSource _stop = new();
    private Task _background = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        RlhfVChatClient client = Find();
        if (mode == WarmUpMode.BeforeStart)
            await client.WarmUpAsync(cancellationToken).ConfigureAwait(false);
        else
            _background = WarmUpAsync(client);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stop.Cancel();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _background.WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _stop.Dispose();
        return Task.CompletedTask;
    }

    private RlhfVChatClient Find()
    {
        IChatClient client = (name.Length > 0 ? provider.GetKeyedService<IChatClient>(name) : provider.GetService<IChatClient>())
            ?? throw new InvalidOperationException(
                $"There is no {(name.Length > 0 ? $"chat client '{name}'" : "default chat client")} to warm up. Register it with AddRlhfVChatClient, "
                + "or give AddRlhfVWarmUp the name of one that is registered.");
        return client.GetService<RlhfVChatClient>() ?? throw new InvalidOperationException(
            $"The chat client{(name.Length > 0 ? $" '{name}'" : "")} is no {nameof(RlhfVChatClient)}; only such a one can be warmed up.");
    }

    private async Task WarmUpAsync(RlhfVChatClient client)
    {
        try
        {
            await client.WarmUpAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops; nobody needs a warm model any more.
        }
        catch (Exception problem) // The host runs on: the first request loads again, and health checks tell.
        {
            ClientLog.WarmUpFailed(logger, client.GetService<ChatClientMetadata>()?.DefaultModelId ?? name, problem);
        }
    }
}
