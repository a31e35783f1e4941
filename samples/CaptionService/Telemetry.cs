using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RlhfV.Extensions.AI;

namespace CaptionService;

/// <summary>Traces and metrics of the requests, the chat client and its worker, written to the console.</summary>
internal static class Telemetry
{
    // What UseOpenTelemetry of Microsoft.Extensions.AI calls its source and meter where nobody names another.
    private const string ChatTelemetryName = "Experimental.Microsoft.Extensions.AI";

    /// <summary>Registers OpenTelemetry unless Telemetry:Console is false.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue("Telemetry:Console", true))
            return;
        builder.Services.AddOpenTelemetry()
            .WithTracing(traces => traces
                .AddSource(RlhfVChatClient.TelemetryName, ChatTelemetryName)
                .AddAspNetCoreInstrumentation()
                .AddConsoleExporter())
            .WithMetrics(metrics => metrics
                .AddMeter(RlhfVChatClient.TelemetryName, ChatTelemetryName)
                .AddConsoleExporter((_, reader) => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 60_000));
    }
}
