using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RlhfV.Extensions.AI.Health;

/// <summary>Looks at a chat client's state; computes nothing and waits for nothing.</summary>
/// <param name="provider">Where the client is registered.</param>
/// <param name="name">The client's key; empty for the default one.</param>
internal sealed class RlhfVHealthCheck(IServiceProvider provider, string name) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IChatClient? registered = name.Length > 0 ? provider.GetKeyedService<IChatClient>(name) : provider.GetService<IChatClient>();
        return Task.FromResult(registered?.GetService<RlhfVChatClient>() is { } client
            ? Judge(client.Status, context.Registration.FailureStatus)
            : new HealthCheckResult(
                context.Registration.FailureStatus,
                $"There is no {nameof(RlhfVChatClient)}{(name.Length > 0 ? $" named '{name}'" : "")}. Register it with AddRlhfVChatClient."));
    }

    private static HealthCheckResult Judge(RlhfVChatClientStatus status, HealthStatus failure)
    {
        var data = new Dictionary<string, object>
        {
            ["model"] = status.Model.ToString(),
            ["waiting"] = status.Waiting,
            ["active"] = status.Active,
            ["deviceBytes"] = status.DeviceBytes,
        };
        if (status.LastDuration is { } last)
            data["lastDuration"] = last;
        (HealthStatus level, string said) = status switch
        {
            { IsAlive: false } => (failure, "The worker has ended; the application must start again."),
            { Model: ModelState.LoadFailed } => (failure, "The model could not be loaded."),
            { FailuresInARow: > 0 } => (failure, $"The last {status.FailuresInARow} computations failed; the log says why."),
            { Model: not ModelState.Ready } => (HealthStatus.Degraded, "The model is not loaded yet."),
            _ when status.Waiting * 5 >= status.QueueLength * 4 =>
                (HealthStatus.Degraded, $"{status.Waiting} of {status.QueueLength} places in the line are taken."),
            _ => (HealthStatus.Healthy, "The model answers."),
        };
        return new HealthCheckResult(level, said, data: data);
    }
}
