using Microsoft.Extensions.Logging;

namespace RlhfV.Extensions.AI.Diagnostics;

/// <summary>The log messages of a chat client. Event ids are stable. No message carries prompts, answers or pictures.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Information, "Loaded the model {Model} on {Device}.")]
    public static partial void Loaded(ILogger logger, string model, string device);

    [LoggerMessage(2, LogLevel.Error, "The model could not be loaded; the next request tries again.")]
    public static partial void LoadFailed(ILogger logger, Exception problem);
}
