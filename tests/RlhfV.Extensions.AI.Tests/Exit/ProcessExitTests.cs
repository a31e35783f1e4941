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
        (int code, string said) = await End(inTheMiddleOf, returns: false);
        Assert.Equal((0, ""), (code, said));
    }

    [Fact]
    public async Task Main_ReturningInTheMiddleOfAnAnswer_WaitsForNoThread()
    {
        (int code, string said) = await End("answer", returns: true);
        Assert.Equal(0, code);
        Assert.DoesNotContain("threads were left running", said, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<(int Code, string Said)> End(string inTheMiddleOf, bool returns)
    {
        string assembly = typeof(StartupHook).Assembly.Location;
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", assembly, "--help"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_STARTUP_HOOKS"] = assembly, [StartupHook.Variable] = inTheMiddleOf, [StartupHook.Returning] = returns ? "yes" : null },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, $"{await output}{await errors}");
    }
}
