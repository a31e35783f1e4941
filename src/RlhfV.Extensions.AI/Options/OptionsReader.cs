using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RlhfV.Extensions.AI;

/// <summary>Has <see cref="OptionsAtStart"/> read when the host starts, and not with the first request.</summary>
/// <param name="provider">Where the options are registered.</param>
/// <param name="name">The options' name.</param>
internal sealed class OptionsReader(IServiceProvider provider, string name) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        provider.GetRequiredKeyedService<OptionsAtStart>(name);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
