using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CaptionService;

/// <summary>Health as JSON: 200 while the service answers or is still loading, 503 when it cannot.</summary>
internal static class HealthEndpoint
{
    /// <summary>Maps <c>GET /health</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app) => app.MapHealthChecks("/health", new HealthCheckOptions
    {
        ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
        {
            Status = report.Status.ToString(),
            Checks = report.Entries.ToDictionary(e => e.Key, e => Describe(e.Value)),
        }),
    });

    private static object Describe(HealthReportEntry entry) => new { Status = entry.Status.ToString(), entry.Description, entry.Data };
}
