using System.Diagnostics;

namespace RlhfV.Training.Tests.Runs;

/// <summary>A process that is killed in the middle of a run, and another one that continues.</summary>
public sealed class KilledRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_ProcessKilled_AnotherOneFinishesWithTheSameWeights()
    {
        string whole = await Finish("whole");
        using (Process victim = Start("killed", stepPause: 100))
        {
            while (!victim.HasExited && Lines(_folder.File("killed", "metrics.jsonl")) < 7)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            victim.Kill(entireProcessTree: true);
            await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, victim.ExitCode);
        }

        Assert.InRange(Lines(_folder.File("killed", "metrics.jsonl")), 7, 15);

        Assert.Equal(whole, await Finish("killed"));
        Assert.Equal(16, Lines(_folder.File("killed", "metrics.jsonl")));
    }

    private static int Lines(string file)
    {
        if (!File.Exists(file))
        {
            return 0;
        }

        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Count(c => c == '\n');
    }

    private async Task<string> Finish(string name)
    {
        using Process process = Start(name, stepPause: 0);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }

    private Process Start(string name, int stepPause) => Process.Start(new ProcessStartInfo
    {
        FileName = Environment.ProcessPath!,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            [StartupHook.Folder] = _folder.File(name),
            [StartupHook.StepPause] = $"{stepPause}",
        },
    })!;
}
