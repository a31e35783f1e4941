using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace CaptionService;

/// <summary>So many captions per caller and minute, from the section "RateLimit" of the configuration.</summary>
internal static class RateLimits
{
    /// <summary>Name of the policy.</summary>
    public const string Policy = "captions";

    /// <summary>Registers the policy: a bucket per address that holds a burst and fills by the minute's rate.</summary>
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection("RateLimit");
        int burst = AtLeastOne(section, "Burst", 20);
        int perMinute = AtLeastOne(section, "PerMinute", 60);
        builder.Services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(Policy, context => RateLimitPartition.GetTokenBucketLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? string.Empty,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = 1,
                    ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / perMinute),
                }));
            limits.OnRejected = Reject;
        });
    }

    private static int AtLeastOne(IConfigurationSection section, string key, int otherwise) => section.GetValue(key, otherwise) switch
    {
        >= 1 and int number => number,
        int number => throw new InvalidOperationException($"{section.Path}:{key} is {number}; expected 1 or more."),
    };

    private static async ValueTask Reject(OnRejectedContext context, CancellationToken cancellation)
    {
        if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait))
            context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await context.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context.HttpContext,
            ProblemDetails = { Status = StatusCodes.Status429TooManyRequests, Detail = "Too many requests; try again after the time in Retry-After." },
        });
    }
}
