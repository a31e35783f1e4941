using System.Diagnostics;

namespace RlhfV.Extensions.AI.Tests.Exit;

/// <summary>A process may end while clients are there that nobody disposed.</summary>
public sealed class ProcessExitTests
{
    [Theory]
    [InlineData("answer")]
    [InlineData("grounding")]
    [InlineData("nothing")]
    public async Task Exit_WithAClientThatNobodyDisposed_EndsWell(string inTheMiddleOf)
    {
        string assembly = typeof(StartupHook).Assembly.Location;
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_STARTUP_HOOKS"] = assembly, [StartupHook.Variable] = inTheMiddleOf },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (process.ExitCode, $"{await output}{await errors}"));
    }
}
