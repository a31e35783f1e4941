using Microsoft.Extensions.Logging;

namespace RlhfV.Extensions.AI.Diagnostics;

/// <summary>The log messages of a chat client. Event ids are stable. No message carries prompts, answers or pictures.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Information, "Loaded the model {Model} on {Device}.")]
    public static partial void Loaded(ILogger logger, string model, string device);

    [LoggerMessage(2, LogLevel.Error, "The model could not be loaded; the next request tries again.")]
    public static partial void LoadFailed(ILogger logger, Exception problem);

    [LoggerMessage(3, LogLevel.Error, "Computing failed for {Requests} requests; the client goes on with others.")]
    public static partial void ComputationFailed(ILogger logger, int requests, Exception problem);

    [LoggerMessage(4, LogLevel.Critical, "The chat client's worker has ended and answers no more.")]
    public static partial void WorkerEnded(ILogger logger, Exception fault);

    [LoggerMessage(5, LogLevel.Information, "The options of {Model} were reloaded.")]
    public static partial void Reloaded(ILogger logger, string model);

    [LoggerMessage(6, LogLevel.Warning, "{Options} of {Model} changed; that takes effect when the application starts again.")]
    public static partial void NeedsRestart(ILogger logger, string options, string model);

    [LoggerMessage(7, LogLevel.Information, "Warmed up {Model} in {Seconds:F1} s.")]
    public static partial void WarmedUp(ILogger logger, string model, double seconds);

    [LoggerMessage(8, LogLevel.Error, "Warming up {Model} failed; the first request tries again.")]
    public static partial void WarmUpFailed(ILogger logger, string model, Exception problem);

    [LoggerMessage(9, LogLevel.Error, "The changed options of {Model} were refused, the old ones hold: {Reason}")]
    public static partial void ReloadRefused(ILogger logger, string model, string reason);
}
