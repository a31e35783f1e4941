using Microsoft.Extensions.Diagnostics.HealthChecks;
using RlhfV.Extensions.AI;
using RlhfV.Extensions.AI.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of chat clients.</summary>
public static class RlhfVHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of a chat client: healthy when the model answers; degraded while it is not loaded and when four fifths of the line are
    /// taken; failed when the model could not be loaded, computations fail or the worker has ended.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The client's key, and the check's name; null for the default client, whose check is named <see cref="RlhfVChatClientOptions.SectionName"/>.</param>
    /// <param name="failureStatus">What a failure counts as; null for unhealthy.</param>
    /// <param name="tags">Tags to filter checks by, for example <c>ready</c>.</param>
    /// <param name="timeout">Most time for the check, which takes next to none; null for no limit.</param>
    /// <returns>The builder.</returns>
    /// <remarks>The data has the keys model, waiting, active, deviceBytes and, after the first answer, lastDuration.</remarks>
    public static IHealthChecksBuilder AddRlhfV(
        this IHealthChecksBuilder builder,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? RlhfVChatClientOptions.SectionName,
            provider => new RlhfVHealthCheck(provider, name ?? string.Empty),
            failureStatus,
            tags,
            timeout));
    }
}
